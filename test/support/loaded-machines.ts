import { loadMachines } from 'postlogin'

/** As on a server. How late machines are loaded has its own tests, which see to it that none is. */
await loadMachines()
