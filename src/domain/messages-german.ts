import type { FailureDetails, MessageTexts, Text } from './messages.ts'
import { clockText, countText, durationText, pluralText, takesAdvice } from './messages-formats.ts'

const LOCALE = 'de'

const SIGN_IN = 'Die Sitzung ist beendet. Melden Sie sich neu an.'
const SERVER: Text<FailureDetails> = (of) =>
  `Das Portal hat gerade selbst ein Problem.${takesAdvice(of) ? ' Versuchen Sie es gleich noch einmal.' : ''}`
const NETWORK: Text<FailureDetails> = (of) =>
  `Das Portal ist nicht erreichbar.${takesAdvice(of) ? ' Prüfen Sie die Verbindung und versuchen Sie es dann noch einmal.' : ''}`
const TIMEOUT: Text<FailureDetails> = (of) =>
  `Das Portal hat nicht rechtzeitig geantwortet.${takesAdvice(of) ? ' Versuchen Sie es gleich noch einmal.' : ''}`
const WAIT = 'Das Portal bittet darum, vor dem nächsten Versuch zu warten.'
const PROOF =
  'Das Portal verlangt dafür einen weiteren Nachweis, wer Sie sind. Werden Sie hier nicht danach gefragt, erbringen Sie ihn im Portal selbst.'
const PROOF_OVER =
  'Das Portal hat den weiteren Nachweis, wer Sie sind, nicht anerkannt, oder er ist abgelaufen. Versuchen Sie es noch einmal; werden Sie hier nicht danach gefragt, erbringen Sie ihn im Portal selbst.'
const WRONG_CODE = 'Der Code ist falsch oder abgelaufen. Warten Sie auf den nächsten und geben Sie diesen ein.'
const SETUP_GONE = 'Diese Einrichtung ist abgelaufen und mit ihr der QR-Code. Beginnen Sie die Einrichtung neu.'
const INVITATION_EXPIRED = 'Die Einladung ist abgelaufen. Bitten Sie um eine neue.'
const INVITATION_CLOSED =
  'Die Einladung wurde schon angenommen, abgelehnt oder zurückgezogen. Lesen Sie den Posteingang neu.'

/**
 * The German texts, for `createMessages`.
 *
 * @example
 * ```ts
 * const { noticeText } = createMessages(germanMessages)
 * noticeText('changeUndone') === germanMessages.notice.changeUndone // => true
 * ```
 */
export const germanMessages: MessageTexts = {
  locale: LOCALE,
  // As in English, a text that is put together is a function, so that bundlers can drop the record.
  client: {
    slotEmpty:
      'Diese Maschine hat keinen Dienst, den sie aufrufen könnte. Nehmen Sie die Maschinen aus createMachines(api), oder füllen Sie den Platz mit .provide().',
    methodMissing:
      'Der PortalApi fehlt eine Methode, die dieser Schritt braucht. Ergänzen Sie die Methode, oder lassen Sie den Schritt aus der Reihenfolge weg.',
    option: 'Eine Option hat einen unbrauchbaren Wert. Berichtigen Sie ihn.',
    input: 'Ein übergebener Wert ist unbrauchbar. Berichtigen Sie ihn.',
    aborted: (of) =>
      `Die Anfrage wurde aufgegeben, bevor die Antwort kam.${takesAdvice(of) ? ' Stellen Sie sie neu, falls Sie sie noch brauchen.' : ''}`,
    network: NETWORK,
    timeout: TIMEOUT,
    redirect:
      'Das Portal antwortete mit einer Umleitung; ihr wird nicht gefolgt. Melden Sie sich neu an; bleibt es dabei, prüfen Sie die Basis-URL.',
    insecure: 'Außer zum eigenen Rechner wird nur https verwendet. Prüfen Sie die Basis-URL.',
    tooLarge: 'Die Antwort war größer als 1 MiB und wurde verworfen. Prüfen Sie die Basis-URL.',
    malformed: (of) =>
      `Die Antwort entspricht nicht der Dokumentation des Portals.${takesAdvice(of) ? ' Versuchen Sie es noch einmal; bleibt es dabei, prüfen Sie die Basis-URL.' : ''}`,
    shape: (of) =>
      `In der Antwort fehlt ein Feld, oder eines ist von falscher Art.${takesAdvice(of) ? ' Versuchen Sie es noch einmal; bleibt es dabei, melden Sie es.' : ' Bleibt es dabei, melden Sie es.'}`,
    server: SERVER,
    unauthorized: SIGN_IN,
    signedOutUnsent:
      'Ihre Sitzung ist zu Ende. Was noch auf das Senden wartete, wurde nicht gesendet. Melden Sie sich neu an und wählen Sie es noch einmal.',
    rateLimited: WAIT,
    refused:
      'Das Portal hat abgelehnt, ohne einen Grund zu nennen. Sehen Sie sich den jetzigen Stand an und entscheiden Sie dann neu.',
    encryptedReply: (of) =>
      `Die Antwort ließ sich nicht entschlüsseln und wurde deshalb verworfen.${takesAdvice(of) ? ' Versuchen Sie es noch einmal.' : ''}`,
    plainReply:
      'Die Antwort kam unverschlüsselt, obwohl das Portal solche Antworten zuvor verschlüsselt hat, und wurde deshalb verworfen. Bleibt es dabei, melden Sie es dem Betreiber des Portals.',
    refresh:
      'Die Sitzung ließ sich nicht verlängern. Versuchen Sie es noch einmal; bleibt es dabei, melden Sie sich neu an.',
    accessToken: 'Es gibt kein Zugriffstoken. Melden Sie sich neu an.',
    stepUpDeclined:
      'Das Portal verlangt dafür einen weiteren Nachweis, wer Sie sind; er wurde nicht erbracht. Versuchen Sie es noch einmal, und erbringen Sie ihn, wenn Sie gefragt werden.',
    stepUpFailed:
      'Das Portal verlangt dafür einen weiteren Nachweis, wer Sie sind; er ließ sich nicht einholen. Versuchen Sie es noch einmal; bleibt es dabei, melden Sie es.',
    insecureContext:
      'Der Browser verschlüsselt nur auf https-Seiten und auf dem eigenen Rechner. Liefern Sie die Seite über https aus, oder schalten Sie den sicheren Kanal ab.',
    secureChannel: 'Der verschlüsselte Kanal zum Portal ließ sich nicht aufbauen. Versuchen Sie es noch einmal.',
    channelKey:
      'Der verschlüsselte Kanal braucht einen öffentlichen Schlüssel des Portals, und der gesendete ist unbrauchbar. Melden Sie das dem Betreiber des Portals.',
    ticketSpent:
      'Diese Änderung wurde schon einmal begonnen und wird deshalb nicht noch einmal gesendet. Was aus ihr geworden ist, wird gerade geprüft.',
    unexpected: (of) =>
      `Hier ist etwas Unvorhergesehenes schiefgegangen.${takesAdvice(of) ? ' Versuchen Sie es noch einmal.' : ''}`,
    notDone: 'Die Änderung ist nicht wirksam geworden. Sie können sie noch einmal vornehmen.',
    loadFailed:
      'Ein Teil dieser Anwendung konnte nicht geladen werden. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut. Wenn das so bleibt, laden Sie die Seite neu.',
    notLoaded:
      'Die Maschine zu diesem Stand ist noch nicht geladen. Warten Sie loadMachines() ab, bevor Sie einen Ablauf wiederherstellen.',
    stepUnreadable:
      'Dieser Schritt lässt sich nicht darstellen. Versuchen Sie es noch einmal, oder überspringen Sie ihn. Hilft das nicht, wenden Sie sich an den Support.',
    stepRequired: 'Dieser Schritt muss abgeschlossen sein, bevor es weitergeht.',
    invitationUnavailable: 'Diese Einladung lässt sich nicht mehr beantworten. Lesen Sie den Posteingang neu.',
    invitationUnknown: 'Diese Einladung gibt es im Posteingang nicht. Lesen Sie ihn neu.',
    reasonTooLong: 'Die Begründung hat mehr als 500 Zeichen. Kürzen Sie sie.',
    setupLost: 'Die Einrichtung wurde unterbrochen, bevor ihr QR-Code kam. Beginnen Sie sie noch einmal.',
    otpSetupMismatch:
      'Schlüssel und QR-Code, die das Portal gesendet hat, passen nicht zusammen, oder keine App kann sie verwenden. Beginnen Sie die Einrichtung neu; bleibt es dabei, melden Sie es.',
    sessionUnknown: 'Diese Sitzung steht nicht in der Liste. Lesen Sie sie neu.',
    sessionCurrent: 'Das ist die Sitzung, die Sie gerade benutzen; melden Sie sich ab, um sie zu beenden.',
    sessionAmbiguous:
      'Mehrere Sitzungen haben diese Kennung; welche enden würde, ist nicht klar. Beenden Sie stattdessen alle anderen Sitzungen.',
    sessionNotEnded:
      'Das Portal hat gemeldet, dass es diese Sitzung beendet hat, führt sie aber noch: Wer sie benutzt, ist vielleicht noch angemeldet. Beenden Sie sie noch einmal; bleibt sie stehen, fragen Sie einen Administrator.',
    sessionUnmarked:
      'Das Portal sagt nicht, welche Sitzung Ihre ist; diese könnte die sein, die Sie gerade benutzen. Beenden Sie stattdessen alle anderen Sitzungen.',
    workspaceUnknown: 'Dieser Arbeitsbereich steht nicht in der Liste. Lesen Sie sie neu.',
    workspaceClosed: 'Dieser Arbeitsbereich lässt sich nicht betreten. Wählen Sie einen anderen.',
    workspaceNotEligible: 'Dieser Arbeitsbereich kann nicht der Standard sein. Betreten lässt er sich trotzdem.',
    entriesInvalid:
      'In der Liste steht ein Eintrag, der weder Adresse noch Bereich ist. Berichtigen oder entfernen Sie ihn; gespeichert wurde nichts.',
    entriesMissing: 'Die Liste braucht mindestens einen gültigen Eintrag, bevor sie eingeschaltet werden kann.',
    savedNotEnabled:
      'Die Liste ist gespeichert, aber noch ausgeschaltet. Versuchen Sie noch einmal, sie einzuschalten.',
    emptyEnforced:
      'Die Liste ist eingeschaltet und darf deshalb nicht leer sein: Niemand könnte sich mehr anmelden. Schalten Sie sie zuerst aus.',
    lockout:
      'Die Adresse, von der Sie angemeldet sind, steht nicht in der Liste; Sie würden sich aussperren. Es wurde nichts geändert. Fügen Sie Ihre Adresse zuerst hinzu.',
    changedElsewhere:
      'Jemand anders hat die Liste inzwischen geändert. Es wurde nichts überschrieben; sehen Sie sie an und entscheiden Sie neu.',
    notAsAsked:
      'Die Liste ist weder wie zuvor noch wie gewünscht: Das Portal hat etwas anderes gespeichert, oder jemand anders hat sie inzwischen geändert. Eingeschaltet ist sie nicht. Sehen Sie sie an und entscheiden Sie neu.',
    lockedOut:
      'Die frühere Liste ließ sich nicht wiederherstellen: Das Portal hat abgelehnt. Wenden Sie sich an die Verwaltung, bevor Sie sich abmelden.',
    lockoutSuspected:
      'Gleich nach der Änderung hat das Portal alles abgelehnt; die neue Liste könnte Sie ausgesperrt haben. Die frühere gilt wieder. Prüfen Sie die Liste, bevor Sie sie noch einmal ändern.',
    keepLocksOut:
      'Die geltende Liste enthält die Adresse nicht, von der Sie angemeldet sind: Bleibt es dabei, sperrt sie Sie aus. Machen Sie die Änderung rückgängig, oder fügen Sie Ihre Adresse hinzu und speichern Sie noch einmal.',
    undoLocksOut:
      'Von der früheren Liste ist nicht bekannt, ob sie die Adresse enthält, von der Sie angemeldet sind; deshalb wurde sie nicht wiederhergestellt. Behalten Sie die Änderung, oder speichern Sie stattdessen eine andere Liste.',
    outcomeUnknown:
      'Ob die letzte Änderung gewirkt hat, ist noch nicht bekannt: Das Portal führt sie vielleicht noch aus. Es wird von selbst noch einmal nachgesehen.',
    unconfirmed: 'Die Änderung der Liste ist noch nicht bestätigt. Behalten Sie sie, oder machen Sie sie rückgängig.',
    stopped:
      'Der Ablauf ist stehen geblieben und geht nicht von selbst weiter. Stellen Sie ihn aus dem gespeicherten Stand wieder her, oder beginnen Sie von vorn.',
    storageText: 'Der gespeicherte Stand ließ sich nicht lesen. Beginnen Sie von vorn.',
    storageVersion: 'Der gespeicherte Stand stammt von einer anderen Version dieses Pakets. Beginnen Sie von vorn.',
    storageMachine: 'Der gespeicherte Stand gehört zu einer anderen Maschine. Beginnen Sie von vorn.',
    storageSubject: 'Der gespeicherte Stand gehört zu einem anderen Konto. Beginnen Sie von vorn.',
  },
  portal: {
    'AUTH.MFA_CODE_INVALID': WRONG_CODE,
    'AUTH.OTP_SETUP_SESSION_INVALID': SETUP_GONE,
    'AUTH.MFA_EMAIL_IMMUTABLE':
      'Der Code per E-Mail lässt sich weder abschalten noch neu einrichten. Er bleibt, wie er ist.',
    'AUTH.TOO_MANY_ATTEMPTS': () => `Es waren zu viele Versuche. ${WAIT}`,
    'AUTH.FINGERPRINT_MISMATCH':
      'Das Portal hält dieses Gerät nicht für das, mit dem Sie sich angemeldet haben. Melden Sie sich neu an.',
    'AUTH.SESSION_NOT_FOUND': 'Diese Sitzung gibt es nicht mehr. Lesen Sie die Liste neu.',
    'ACCESS.UNAUTHORIZED': SIGN_IN,
    'ACCESS.TOKEN_MISSING': SIGN_IN,
    'ACCESS.PERMISSION_DENIED': 'Dafür fehlt Ihnen die Berechtigung. Bitten Sie die Verwaltung darum.',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID':
      'Der Code für diese eine Handlung ist falsch. Versuchen Sie es im Portal selbst noch einmal.',
    'WORKSPACE.INVITATION_EXPIRED': INVITATION_EXPIRED,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': INVITATION_CLOSED,
    'SECURE_CHANNEL.INVALID_PAYLOAD':
      'Das Portal konnte nicht lesen, was für es verschlüsselt war. Versuchen Sie es noch einmal.',
    'SECURE_CHANNEL.SESSION_NOT_FOUND':
      'Der verschlüsselte Kanal zum Portal ist abgerissen. Versuchen Sie es noch einmal.',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `Das Portal hat ${field === null ? 'einen Wert' : `den Wert von „${field}“`} nicht angenommen. Berichtigen Sie ihn und versuchen Sie es dann noch einmal.`,
    'SYSTEM.INTERNAL_ERROR': SERVER,
    U1040: 'Diese Einladung gibt es nicht mehr. Lesen Sie den Posteingang neu.',
    '4010': SIGN_IN,
  },
  reason: {
    wrongCode: WRONG_CODE,
    setupGone: SETUP_GONE,
    invitationExpired: INVITATION_EXPIRED,
    invitationClosed: INVITATION_CLOSED,
    proofMissing:
      'Dafür ist ein weiterer Nachweis nötig, wer Sie sind, etwa Ihr Passwort. Er fehlte oder wurde nicht anerkannt. Versuchen Sie es noch einmal.',
  },
  kind: {
    network: NETWORK,
    timeout: TIMEOUT,
    unauthorized: SIGN_IN,
    forbidden: 'Das Portal lässt das nicht zu. Wenden Sie sich an die Verwaltung, wenn Sie es brauchen.',
    notFound:
      'Das Portal kennt nicht, wonach gefragt wurde. Sehen Sie sich den jetzigen Stand an und entscheiden Sie dann neu.',
    conflict:
      'Das Portal hat abgelehnt, weil sich inzwischen etwas geändert hat. Sehen Sie sich den jetzigen Stand an und entscheiden Sie dann neu.',
    rateLimited: WAIT,
    invalid: 'Das Portal hat das nicht angenommen. Berichtigen Sie es und versuchen Sie es dann noch einmal.',
    server: SERVER,
    protocol: (of) =>
      `Die Antwort entspricht nicht der Dokumentation des Portals.${takesAdvice(of) ? ' Versuchen Sie es noch einmal; bleibt es dabei, melden Sie es.' : ' Bleibt es dabei, melden Sie es.'}`,
    secureChannel: 'Der verschlüsselte Kanal zum Portal funktioniert nicht. Versuchen Sie es noch einmal.',
    config: 'Mit diesen Einstellungen ist das Portal nicht benutzbar. Berichtigen Sie sie.',
  },
  effect: {
    none: 'Dieser Versuch hat nichts geändert.',
    done: 'Die Änderung selbst ist wirksam geworden; nehmen Sie sie nicht noch einmal vor.',
    unknown: ({ retryAt }) =>
      retryAt === null
        ? 'Ob die Änderung wirksam geworden ist, ist nicht bekannt; sehen Sie nach, bevor Sie sie noch einmal vornehmen.'
        : 'Ob die Änderung wirksam geworden ist, ist noch nicht bekannt.',
  },
  detail: {
    between: ' ',
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown'
        ? `Um ${clockText(LOCALE, retryAt)} Uhr wird noch einmal nachgesehen.`
        : `Ab ${clockText(LOCALE, retryAt)} Uhr können Sie es noch einmal versuchen.`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `Anfrage ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: 'Das ist kein Code: Er hat sechs Ziffern. Geben Sie den ein, den die App anzeigt.',
    wrong: 'Dieser Code stimmt nicht.',
    refused: 'Das Portal hat diesen Code abgelehnt.',
    next: 'Warten Sie auf den nächsten und geben Sie ihn ein.',
    insist: 'Oder geben Sie denselben Code noch einmal ein, dann urteilt das Portal.',
    skewed: ({ offsetMs }) =>
      `Die Uhr Ihres Telefons geht etwa ${durationText(LOCALE, offsetMs)} ${offsetMs > 0 ? 'vor' : 'nach'}. Stellen Sie die Zeit auf automatisch und geben Sie den nächsten Code ein.`,
    parametersIgnored:
      'Ihre App übergeht Einstellungen im QR-Code, deshalb wird das Portal ihre Codes ablehnen. Scannen Sie den QR-Code mit einer anderen App oder fragen Sie einen Administrator, welche geeignet ist.',
  },
  notice: {
    notSent:
      'Was noch auf das Senden wartete, wurde nicht gesendet, weil die Seite geschlossen oder neu geladen wurde. Wählen Sie es noch einmal.',
    linkUnknown:
      'Die Einladung, zu der der Link führt, ist nicht in Ihrem Posteingang. Vielleicht gilt sie einem anderen Konto oder wurde zurückgezogen.',
    linkExpired:
      'Die Einladung, zu der der Link führt, ist abgelaufen. Bitten Sie um eine neue, wo Sie eingeladen wurden.',
    linkHandled:
      'Die Einladung, zu der der Link führt, ist nicht mehr offen. Die Liste zeigt, was aus ihr geworden ist.',
    backupCodesUnsaved:
      'Die Ersatzcodes, die zur Einrichtung gehören, lassen sich nur einmal zeigen. Haben Sie sie nicht gespeichert, lassen Sie im Portal neue erstellen.',
    setupReplaced: 'Es gibt einen neuen QR-Code; der vorige gilt nicht mehr. Scannen Sie den neuen.',
    changedElsewhere: 'Jemand anders hat die Liste inzwischen geändert; hier steht sie, wie sie jetzt ist.',
    changeUndone: 'Die Änderung wurde rückgängig gemacht: Die frühere Liste gilt wieder.',
    ownPartUndone: 'Ihre Änderung wurde rückgängig gemacht; was jemand anders inzwischen geändert hat, ist geblieben.',
    lockoutSuspected:
      'Gleich nach der Änderung hat das Portal alles abgelehnt; die neue Liste könnte Sie ausgesperrt haben. Die frühere wird von selbst wiederhergestellt. Bleiben Sie solange angemeldet.',
    undoPending:
      'Die Änderung gilt noch, obwohl niemand sie bestätigt hat: Sie ließ sich noch nicht rückgängig machen.',
  },
  verdict: {
    address: 'Eine einzelne Adresse.',
    range: 'Ein Adressbereich.',
    hostBits: 'Nicht der Anfang seines Bereichs: Gespeichert wird der ganze Bereich.',
    span: 'Von einer Adresse bis zu einer anderen: Gespeichert werden die Bereiche, die genau diese enthalten.',
    netmask: 'Eine Adresse mit ihrer Netzmaske: Gespeichert wird der Bereich, für den sie stehen.',
    wildcardMask:
      'Eine Adresse mit umgekehrter Maske, wie Cisco sie schreibt: Gespeichert wird der Bereich, für den sie stehen.',
    wildcard: 'Sterne für die letzten Zahlen: Gespeichert wird der Bereich, für den sie stehen.',
    duplicate: 'Steht schon in der Liste; gespeichert wird der Eintrag einmal.',
    covered: 'Liegt in einem anderen Eintrag und bewirkt deshalb nichts.',
    private: 'Eine private Adresse; über das Internet kommt niemand von ihr.',
    everything: 'Lässt allein oder mit anderen zusammen alle herein; die Liste schützt dann vor niemandem.',
    temporary:
      'Ihre eigene Adresse von heute. Mit IPv6 ändert sie sich von selbst, oft binnen eines Tages: Das Netz (/64) bleibt, sie nicht.',
    unreadable:
      'So gespeichert und hier nicht lesbar. Der Eintrag bleibt, wie er ist, und gilt als einer, der niemanden hereinlässt.',
    backwards: 'Endet vor dem Anfang. Schreiben Sie die niedrigere Adresse zuerst.',
    mixedFamilies: 'Von IPv4 bis IPv6 gibt es keinen Bereich. Schreiben Sie je einen.',
    scattered:
      'Eine Maske oder ein Platzhalter mit Lücken; kein Bereich enthält genau diese Adressen. Schreiben Sie die Bereiche einzeln.',
    ambiguousMask:
      'Vielleicht eine Adresse mit Maske, vielleicht etwas anderes. Schreiben Sie den Bereich mit seinem Präfix, etwa 198.51.100.0/24.',
    ambiguous:
      'Eine IPv4-Adresse in der Schreibweise von IPv6; das Präfix kann für die eine wie für die andere gemeint sein. Schreiben Sie sie als IPv4, etwa 203.0.113.0/24.',
    notAnAddress: 'Weder Adresse noch Bereich. Berichtigen oder entfernen Sie den Eintrag.',
  },
  warning: {
    temporaryAddress:
      'Die Liste lässt Sie nur mit Ihrer IPv6-Adresse von heute herein. Morgen könnte sie Sie aussperren: Fügen Sie auch Ihr Netz (/64) hinzu.',
    otherFamily:
      'Eine andere Ihrer Sitzungen kommt über die andere Art von Adressen, IPv4 oder IPv6, von der nichts in der Liste steht: Sie wäre ausgesperrt.',
    everybody: 'Zusammen lassen die Einträge alle herein; die Liste schützt dann vor niemandem.',
  },
  list: {
    unreadableRows: ({ count }) =>
      `In dieser Liste ${pluralText(LOCALE, count, {
        one: 'fehlt ein Eintrag, der sich nicht lesen ließ',
        other: `fehlen ${countText(LOCALE, count)} Einträge, die sich nicht lesen ließen`,
      })}. Sehen Sie noch einmal nach; bleibt es dabei, melden Sie es.`,
  },
  blocked: {
    busy: 'Es ist noch etwas im Gange. Warten Sie darauf.',
    steppingUp:
      'Das Portal verlangt einen weiteren Nachweis, wer Sie sind. Erbringen Sie ihn zuerst, oder brechen Sie ab.',
    failed: 'Etwas ist fehlgeschlagen. Versuchen Sie das zuerst noch einmal.',
    questionOpen: 'Beantworten Sie zuerst die Frage.',
    unchanged: 'Es gibt nichts zu speichern.',
    alreadyOn: 'Das ist schon eingeschaltet.',
    alreadyOff: 'Das ist schon ausgeschaltet.',
    alreadyDefault: 'Das ist schon der voreingestellte.',
    addressUnknown: 'Von welcher Adresse Sie angemeldet sind, ist nicht bekannt.',
    addressCovered: 'Ihre Adresse steht schon in der Liste.',
    noOtherSession: 'Es gibt keine andere Sitzung.',
    unsettled:
      'Ob die letzte Änderung gewirkt hat, ist noch nicht bekannt. Warten Sie, bis noch einmal nachgesehen wird.',
    noFlow: 'Hier gibt es keinen Ablauf, der sich abbrechen ließe. Beenden oder überspringen Sie diesen Teil.',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null
        ? 'Die Adresse, von der Sie angemeldet sind, steht in der Liste.'
        : `Ihre Adresse, ${currentAddress}, steht in der Liste.`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? 'Die Adresse, von der Sie angemeldet sind,' : `Ihre Adresse, ${currentAddress},`} steht nicht in der Liste; sie würde Sie aussperren. Fügen Sie sie hinzu.`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? 'Von welcher Adresse Sie angemeldet sind, ist nicht bekannt; die Liste könnte Sie aussperren.'
        : `Das Portal sieht Sie von ${currentAddress} kommen, einer privaten Adresse, wohl der seines eigenen Proxys. Ob die Liste Sie hereinlässt, ist deshalb nicht bekannt; sie könnte Sie aussperren.`,
  },
}
