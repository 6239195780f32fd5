import type { FailureDetails, MessageTexts, Text } from './messages.ts'
import { clockText, countText, durationText, takesAdvice } from './messages-formats.ts'

const LOCALE = 'zh-Hant'

const SIGN_IN = '您的工作階段已結束。請重新登入。'
const SERVER: Text<FailureDetails> = (of) => `入口網站發生問題。${takesAdvice(of) ? '請稍後再試。' : ''}`
const NETWORK: Text<FailureDetails> = (of) =>
  `無法連線到入口網站。${takesAdvice(of) ? '請檢查網路連線，然後再試一次。' : ''}`
const TIMEOUT: Text<FailureDetails> = (of) => `入口網站未及時回應。${takesAdvice(of) ? '請稍後再試。' : ''}`
const WAIT = '入口網站要求您稍候再試。'
const PROOF = '入口網站要求為此再次驗證您的身分。如果此處沒有請您驗證，請在入口網站中完成。'
const PROOF_OVER =
  '入口網站未接受您的額外身分驗證，或驗證已失效。請再試一次。如果此處沒有請您驗證，請在入口網站中完成。'
const WRONG_CODE = '驗證碼錯誤或已過期。請等待下一個驗證碼，然後輸入。'
const SETUP_GONE = '這次設定及其 QR 碼已過期。請重新開始設定。'
const INVITATION_EXPIRED = '邀請已過期。請索取新的邀請。'
const INVITATION_CLOSED = '該邀請已被接受、拒絕或撤回。請重新整理收件匣。'

/**
 * The texts in traditional Chinese, for `createMessages`.
 *
 * @example
 * ```ts
 * const { noticeText } = createMessages(traditionalChineseMessages)
 * noticeText('changeUndone') === traditionalChineseMessages.notice.changeUndone // => true
 * ```
 */
export const traditionalChineseMessages: MessageTexts = {
  locale: LOCALE,
  client: {
    slotEmpty: '此狀態機沒有可呼叫的服務。請以 createMachines(api) 建立狀態機，或以 .provide() 填入服務。',
    methodMissing: 'PortalApi 缺少此步驟所需的方法。請新增該方法，或從順序中移除此步驟。',
    option: '有一個選項的值無效。請更正。',
    input: '有一個輸入的值無效。請更正。',
    aborted: (of) => `要求在收到回覆之前已中止。${takesAdvice(of) ? '如仍需要，請重新提出。' : ''}`,
    network: NETWORK,
    timeout: TIMEOUT,
    redirect: '入口網站傳回重新導向，系統未跟隨。請重新登入。如果問題持續發生，請檢查基底 URL。',
    insecure: '除本機外只允許使用 https。請檢查基底 URL。',
    tooLarge: '回覆超過 1 MiB，已捨棄。請檢查基底 URL。',
    malformed: (of) =>
      `回覆不符合文件規定的格式。${takesAdvice(of) ? '請再試一次。如果問題持續發生，請檢查基底 URL。' : ''}`,
    shape: (of) =>
      `回覆缺少某個欄位，或某個欄位的類型有誤。${takesAdvice(of) ? '請再試一次。如果問題持續發生，請向我們回報。' : '如果問題持續發生，請向我們回報。'}`,
    server: SERVER,
    unauthorized: SIGN_IN,
    signedOutUnsent: '工作階段已結束。尚在等待傳送的操作並未傳送。請重新登入，然後再次選擇。',
    rateLimited: WAIT,
    refused: '入口網站拒絕了要求，但未說明原因。請先查看目前狀態，再重試。',
    encryptedReply: (of) => `回覆無法解密，已捨棄。${takesAdvice(of) ? '請再試一次。' : ''}`,
    plainReply:
      '此入口網站會加密這類回覆，而這次的回覆未加密，因此已捨棄。如果問題持續發生，請通知入口網站的營運單位。',
    refresh: '無法延長您的工作階段。請再試一次。如果問題持續發生，請重新登入。',
    accessToken: '沒有存取權杖。請重新登入。',
    stepUpDeclined: '入口網站要求為此再次驗證您的身分，但您沒有驗證。請再試一次，並在系統請您驗證時完成驗證。',
    stepUpFailed: '入口網站要求為此再次驗證您的身分，但無法完成驗證。請再試一次。如果問題持續發生，請向我們回報。',
    insecureContext: '瀏覽器只在 https 頁面和 localhost 上加密。請透過 https 提供此頁面，或關閉安全通道。',
    secureChannel: '無法建立到入口網站的加密通道。請再試一次。',
    channelKey: '入口網站未提供可用的公開金鑰，因此無法建立加密通道。請通知入口網站的營運單位。',
    ticketSpent: '此變更已經開始，因此不會再次送出。正在確認其結果。',
    unexpected: (of) => `發生未預期的錯誤。${takesAdvice(of) ? '請再試一次。' : ''}`,
    notDone: '變更未生效。您可以重新操作。',
    loadFailed: '此應用程式有一部分無法載入。請檢查網路連線，然後再試一次。如果問題持續發生，請重新載入頁面。',
    notLoaded: '此狀態所屬的狀態機尚未載入。請先等待 loadMachines() 完成，再還原流程。',
    stepUnreadable: '無法顯示此步驟。請再試一次或略過。如果仍然無效，請聯絡技術支援。',
    stepRequired: '此步驟為必要步驟。請完成後再繼續。',
    invitationUnavailable: '此邀請已無法接受或拒絕。請重新整理收件匣。',
    invitationUnknown: '收件匣中沒有此邀請。請重新整理收件匣。',
    reasonTooLong: '理由超過 500 個字元。請縮短。',
    setupLost: '設定在 QR 碼送達之前中斷了。請重新開始。',
    otpSetupMismatch:
      '入口網站提供的金鑰與 QR 碼不一致，或沒有應用程式能使用它們。請重新開始設定。如果問題持續發生，請向我們回報。',
    sessionUnknown: '清單中沒有此工作階段。請重新整理清單。',
    sessionCurrent: '這是您正在使用的工作階段。如要結束，請登出。',
    sessionAmbiguous: '有多個工作階段使用此 ID，可能會誤結束其他工作階段。請改為結束所有其他工作階段。',
    sessionNotEnded:
      '入口網站表示已結束此工作階段，但清單中仍有它。使用者可能仍處於登入狀態。請再次結束。如果它一直留在清單中，請聯絡管理員。',
    sessionUnmarked: '入口網站未說明哪個工作階段是您的，因此這可能正是您在使用的工作階段。請改為結束所有其他工作階段。',
    workspaceUnknown: '清單中沒有此工作區。請重新整理清單。',
    workspaceClosed: '您無法進入此工作區。請選擇其他工作區。',
    workspaceNotEligible: '此工作區不能設為預設，但您仍可進入。',
    entriesInvalid: '清單中有一項既不是位址也不是位址範圍。未儲存任何內容。請更正或移除該項目。',
    entriesMissing: '白名單至少需要一個有效項目才能啟用。',
    savedNotEnabled: '清單已儲存，但白名單仍為關閉狀態。請再次嘗試啟用。',
    emptyEnforced: '白名單已啟用，因此不能為空，否則任何人都無法登入。請先將其關閉。',
    lockout: '此清單不包含您登入所用的位址，會導致您無法登入。未做任何變更。請先新增您的位址。',
    changedElsewhere: '在此期間，其他人變更了白名單。沒有覆寫任何內容。請檢視清單後再決定。',
    notAsAsked:
      '白名單既不是原來的樣子，也不是您要求的樣子：可能是入口網站儲存了其他內容，或其他人變更了它。白名單現已關閉。請檢視清單後再決定。',
    lockedOut: '無法還原先前的白名單：入口網站拒絕了要求。登出之前，請先向管理員求助。',
    lockoutSuspected:
      '變更之後，入口網站立即拒絕了所有要求，新清單可能已使您無法存取。先前的清單已還原。再次變更之前，請檢查您的清單。',
    keepLocksOut:
      '目前生效的清單不包含您登入所用的位址。如果保留，您將無法登入。請復原變更，或新增您的位址後重新儲存。',
    undoLocksOut: '先前的清單可能不包含您登入所用的位址，因此未還原。請保留變更，或儲存另一份清單。',
    outcomeUnknown: '尚不清楚上次變更是否已生效：入口網站可能仍在處理。系統將自動再次檢查。',
    unconfirmed: '白名單變更尚未確認。請先保留或復原變更。',
    stopped: '流程已停止，不會自行繼續。請從儲存空間還原，或重新開始。',
    storageText: '無法讀取已儲存的狀態。請重新開始。',
    storageVersion: '已儲存的狀態由此套件的其他版本寫入。請重新開始。',
    storageMachine: '已儲存的狀態屬於另一個狀態機。請重新開始。',
    storageSubject: '已儲存的狀態屬於另一個帳戶。請重新開始。',
  },
  portal: {
    'AUTH.MFA_CODE_INVALID': WRONG_CODE,
    'AUTH.OTP_SETUP_SESSION_INVALID': SETUP_GONE,
    'AUTH.MFA_EMAIL_IMMUTABLE': '電子郵件驗證碼既不能關閉，也不能重新設定，將維持不變。',
    'AUTH.TOO_MANY_ATTEMPTS': () => `嘗試次數過多。${WAIT}`,
    'AUTH.FINGERPRINT_MISMATCH': '入口網站無法確認此裝置就是登入時所用的裝置。請重新登入。',
    'AUTH.SESSION_NOT_FOUND': '此工作階段已不存在。請重新整理清單。',
    'ACCESS.UNAUTHORIZED': SIGN_IN,
    'ACCESS.TOKEN_MISSING': SIGN_IN,
    'ACCESS.PERMISSION_DENIED': '您沒有執行此操作的權限。請向管理員申請。',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID': '此操作的驗證碼錯誤。請在入口網站中再試一次。',
    'WORKSPACE.INVITATION_EXPIRED': INVITATION_EXPIRED,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': INVITATION_CLOSED,
    'SECURE_CHANNEL.INVALID_PAYLOAD': '入口網站無法讀取加密的要求。請再試一次。',
    'SECURE_CHANNEL.SESSION_NOT_FOUND': '到入口網站的加密通道已中斷。請再試一次。',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `入口網站未接受${field === null ? '某個值' : `「${field}」的值`}。請更正後再試一次。`,
    'SYSTEM.INTERNAL_ERROR': SERVER,
    U1040: '此邀請已不存在。請重新整理收件匣。',
    '4010': SIGN_IN,
  },
  reason: {
    wrongCode: WRONG_CODE,
    setupGone: SETUP_GONE,
    invitationExpired: INVITATION_EXPIRED,
    invitationClosed: INVITATION_CLOSED,
    proofMissing: '此操作需要再次驗證您的身分，例如輸入密碼。您沒有驗證，或驗證未被接受。請再試一次。',
  },
  kind: {
    network: NETWORK,
    timeout: TIMEOUT,
    unauthorized: SIGN_IN,
    forbidden: '入口網站不允許此操作。如有需要，請聯絡管理員。',
    notFound: '入口網站找不到所要求的內容。請先查看目前狀態，再重試。',
    conflict: '由於在此期間情況有變，入口網站拒絕了要求。請先查看目前狀態，再重試。',
    rateLimited: WAIT,
    invalid: '入口網站未接受此內容。請更正後再試一次。',
    server: SERVER,
    protocol: (of) =>
      `回覆不符合文件規定的格式。${takesAdvice(of) ? '請再試一次。如果問題持續發生，請向我們回報。' : '如果問題持續發生，請向我們回報。'}`,
    secureChannel: '到入口網站的加密通道無法使用。請再試一次。',
    config: '這些設定不適用於此入口網站。請更正。',
  },
  effect: {
    none: '這次嘗試未變更任何內容。',
    done: '變更本身已生效，請勿重複操作。',
    unknown: ({ retryAt }) =>
      retryAt === null ? '尚不清楚變更是否已生效。請先確認，再決定是否重複操作。' : '目前尚不清楚變更是否已生效。',
  },
  detail: {
    between: '',
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown'
        ? `系統將於 ${clockText(LOCALE, retryAt)} 再次檢查。`
        : `請在 ${clockText(LOCALE, retryAt)} 之後再試一次。`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `要求 ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: '驗證碼為六位數字。請輸入應用程式中顯示的驗證碼。',
    wrong: '此驗證碼有誤。',
    refused: '入口網站已拒絕此驗證碼。',
    next: '請等待下一個驗證碼，然後輸入。',
    insist: '您也可以再次輸入相同的驗證碼，由入口網站判定。',
    skewed: ({ offsetMs }) =>
      `您手機的時鐘大約${offsetMs > 0 ? '快' : '慢'}了 ${durationText(LOCALE, offsetMs)}。請將手機時間設為自動，然後輸入下一個驗證碼。`,
    parametersIgnored:
      '您的應用程式忽略了 QR 碼中的設定，因此入口網站會拒絕它產生的驗證碼。請用其他應用程式掃描 QR 碼，或詢問管理員應使用哪個應用程式。',
  },
  notice: {
    notSent: '由於頁面被關閉或重新載入，尚在等待傳送的操作並未傳送。請再次選擇。',
    linkUnknown: '連結所指的邀請不在您的收件匣中。該邀請可能是寄給其他帳戶的，或已被撤回。',
    linkExpired: '連結所指的邀請已過期。請聯絡邀請人重新寄送邀請。',
    linkHandled: '連結所指的邀請已不再有效。清單中顯示了其處理結果。',
    backupCodesUnsaved: '隨設定產生的備用驗證碼只能顯示一次。如果您尚未儲存，請在入口網站中重新產生。',
    setupReplaced: '已產生新的 QR 碼，先前的 QR 碼不再有效。請掃描新的 QR 碼。',
    changedElsewhere: '在此期間，其他人變更了白名單。這是目前的清單。',
    changeUndone: '變更已復原。先前的白名單已還原。',
    ownPartUndone: '您的變更已復原。其他人在此期間所做的變更予以保留。',
    lockoutSuspected:
      '變更之後，入口網站立即拒絕了所有要求，新清單可能已使您無法存取。正在還原先前的清單。在此之前請保持登入狀態。',
    undoPending: '儘管無人確認，變更仍然有效。目前尚未能復原。',
  },
  verdict: {
    address: '單一位址。',
    range: '一個位址範圍。',
    hostBits: '不是所在範圍的第一個位址：將儲存整個範圍。',
    span: '從一個位址到另一個位址：將儲存為恰好包含這些位址的範圍。',
    netmask: '帶子網路遮罩的位址：將儲存為對應的範圍。',
    wildcardMask: '帶反向遮罩（Cisco）的位址：將儲存為對應的範圍。',
    wildcard: '末尾數字以星號表示：將儲存為對應的範圍。',
    duplicate: '清單中已有此項目，只會儲存一次。',
    covered: '已包含在另一個項目中，因此沒有作用。',
    private: '私人位址。任何人都無法用它從網際網路連線。',
    everything: '單獨或與其他項目一起會允許所有人進入，因此清單沒有保護作用。',
    temporary: '您今天的 IPv6 位址。它會自行變動，通常不到一天；您的網路（/64）維持不變。',
    unreadable: '儲存的內容即是如此，但此處無法辨識。它將原樣保留，並視為不允許任何人進入。',
    backwards: '終點在起點之前。請把較小的位址寫在前面。',
    mixedFamilies: '位址範圍不能從 IPv4 跨到 IPv6。請分別輸入。',
    scattered: '遮罩或萬用字元中有間斷：沒有範圍恰好包含這些位址。請逐一輸入範圍。',
    ambiguousMask: '這可能是帶遮罩的位址，也可能是別的內容。請以前綴輸入範圍，例如 198.51.100.0/24。',
    ambiguous: '以 IPv6 形式書寫的 IPv4 位址：前綴可能指其中任何一種。請以 IPv4 形式輸入，例如 203.0.113.0/24。',
    notAnAddress: '既不是位址，也不是位址範圍。請更正或移除。',
  },
  warning: {
    temporaryAddress: '清單只透過您今天的 IPv6 位址允許您進入，明天可能就會使您無法登入。請同時新增您的網路（/64）。',
    otherFamily: '您的另一個工作階段使用另一種位址（IPv4 或 IPv6）。清單中沒有這種位址，因此該工作階段將無法存取。',
    everybody: '這些項目合在一起會允許所有人進入，因此清單沒有保護作用。',
  },
  list: {
    unreadableRows: ({ count }) =>
      `此清單有 ${countText(LOCALE, count)} 列無法讀取，因此未顯示。請重新整理清單。如果問題持續發生，請向我們回報。`,
  },
  blocked: {
    busy: '仍有操作正在進行。請等待其完成。',
    steppingUp: '入口網站要求再次驗證您的身分。請先完成驗證，或取消。',
    failed: '有操作失敗。請先重試該操作。',
    questionOpen: '請先回答問題。',
    unchanged: '沒有需要儲存的內容。',
    alreadyOn: '它已經啟用。',
    alreadyOff: '它已經關閉。',
    alreadyDefault: '它已經是預設項目。',
    addressUnknown: '無法得知您登入所用的位址。',
    addressCovered: '您的位址已在清單中。',
    noOtherSession: '沒有其他工作階段。',
    unsettled: '尚不清楚上次變更是否已生效。請等待再次檢查。',
    noFlow: '此處沒有可取消的流程。請完成或略過此部分。',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null ? '您登入所用的位址在清單中。' : `您的位址 ${currentAddress} 在清單中。`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? '您登入所用的位址' : `您的位址 ${currentAddress} `}不在清單中，該清單會導致您無法登入。請新增此位址。`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? '無法得知您登入所用的位址，因此該清單可能導致您無法登入。'
        : `入口網站看到您的位址是 ${currentAddress}，這是一個私人位址，很可能是入口網站自身 Proxy 的位址。無法得知清單是否允許您進入，您可能因此無法登入。`,
  },
}
