/** The one that an e-mail to the demo's user leads to. */
export const linkedInvitation = 'b2c3d4e5-f6a7-4901-bcde-f12345678901'
