// Workers have random numbers and timers in a handler alone.
export default { test: () => import('./entry.js') }
