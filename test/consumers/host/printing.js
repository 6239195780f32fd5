// Each runtime prints objects in a way of its own.
const { log } = console
console.log = (value) => log(JSON.stringify(value))
