import './printing.js'
import './example.js'
import './otp-and-whitelist.js'
