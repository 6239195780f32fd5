export default { output: 'export', distDir: 'out/next', turbopack: { root: import.meta.dirname } }
