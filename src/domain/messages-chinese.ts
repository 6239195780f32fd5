import type { FailureDetails, MessageTexts, Text } from './messages.ts'
import { clockText, countText, durationText, takesAdvice } from './messages-formats.ts'

const LOCALE = 'zh'

const SIGN_IN = '您的会话已结束。请重新登录。'
const SERVER: Text<FailureDetails> = (of) => `门户出现问题。${takesAdvice(of) ? '请稍后重试。' : ''}`
const NETWORK: Text<FailureDetails> = (of) => `无法连接到门户。${takesAdvice(of) ? '请检查网络连接，然后重试。' : ''}`
const TIMEOUT: Text<FailureDetails> = (of) => `门户未及时响应。${takesAdvice(of) ? '请稍后重试。' : ''}`
const WAIT = '门户要求您稍候再试。'
const PROOF = '门户要求为此再次验证您的身份。如果此处没有请您验证，请在门户中完成。'
const PROOF_OVER = '门户未接受您的附加身份验证，或验证已失效。请重试。如果此处没有请您验证，请在门户中完成。'
const WRONG_CODE = '验证码错误或已过期。请等待下一个验证码，然后输入。'
const SETUP_GONE = '此次设置及其二维码已过期。请重新开始设置。'
const INVITATION_EXPIRED = '邀请已过期。请索取新的邀请。'
const INVITATION_CLOSED = '该邀请已被接受、拒绝或撤回。请刷新收件箱。'

/**
 * The texts in simplified Chinese, for `createMessages`.
 *
 * @example
 * ```ts
 * const { noticeText } = createMessages(chineseMessages)
 * noticeText('changeUndone') === chineseMessages.notice.changeUndone // => true
 * ```
 */
export const chineseMessages: MessageTexts = {
  locale: LOCALE,
  client: {
    slotEmpty: '此状态机没有可调用的服务。请用 createMachines(api) 创建状态机，或用 .provide() 填入服务。',
    methodMissing: 'PortalApi 缺少此步骤所需的方法。请添加该方法，或从顺序中去掉此步骤。',
    option: '有一个选项的值无效。请更正。',
    input: '有一个输入的值无效。请更正。',
    aborted: (of) => `请求在收到回复之前已中止。${takesAdvice(of) ? '如仍需要，请重新发起。' : ''}`,
    network: NETWORK,
    timeout: TIMEOUT,
    redirect: '门户返回了重定向，系统未跟随。请重新登录。如果问题仍然存在，请检查基础 URL。',
    insecure: '除本机外只允许使用 https。请检查基础 URL。',
    tooLarge: '回复超过 1 MiB，已被丢弃。请检查基础 URL。',
    malformed: (of) =>
      `回复不符合文档规定的格式。${takesAdvice(of) ? '请重试。如果问题仍然存在，请检查基础 URL。' : ''}`,
    shape: (of) =>
      `回复缺少某个字段，或某个字段的类型有误。${takesAdvice(of) ? '请重试。如果问题仍然存在，请反馈给我们。' : '如果问题仍然存在，请反馈给我们。'}`,
    server: SERVER,
    unauthorized: SIGN_IN,
    signedOutUnsent: '会话已结束。尚在等待发送的操作未被发送。请重新登录，然后再次选择。',
    rateLimited: WAIT,
    refused: '门户拒绝了请求，但未说明原因。请先查看当前状态，再重试。',
    encryptedReply: (of) => `回复无法解密，已被丢弃。${takesAdvice(of) ? '请重试。' : ''}`,
    plainReply: '此门户会对这类回复加密，而本次回复未加密，因此已被丢弃。如果问题仍然存在，请告知门户运营方。',
    refresh: '无法延长您的会话。请重试。如果问题仍然存在，请重新登录。',
    accessToken: '没有访问令牌。请重新登录。',
    stepUpDeclined: '门户要求为此再次验证您的身份，但您没有验证。请重试，并在系统请您验证时完成验证。',
    stepUpFailed: '门户要求为此再次验证您的身份，但无法完成验证。请重试。如果问题仍然存在，请反馈给我们。',
    insecureContext: '浏览器只在 https 页面和 localhost 上加密。请通过 https 提供此页面，或关闭安全通道。',
    secureChannel: '无法建立到门户的加密通道。请重试。',
    channelKey: '门户未提供可用的公钥，因此无法建立加密通道。请告知门户运营方。',
    ticketSpent: '此更改已经开始，因此不会再次发送。正在确认其结果。',
    unexpected: (of) => `发生意外错误。${takesAdvice(of) ? '请重试。' : ''}`,
    notDone: '更改未生效。您可以重新操作。',
    loadFailed: '此应用有一部分无法加载。请检查网络连接，然后重试。如果问题仍然存在，请重新加载页面。',
    notLoaded: '此状态所属的状态机尚未加载。请先等待 loadMachines() 完成，再恢复流程。',
    stepUnreadable: '无法显示此步骤。请重试或跳过。如果仍然无效，请联系技术支持。',
    stepRequired: '此步骤为必需步骤。请完成后再继续。',
    invitationUnavailable: '此邀请已无法接受或拒绝。请刷新收件箱。',
    invitationUnknown: '收件箱中没有此邀请。请刷新收件箱。',
    reasonTooLong: '理由超过 500 个字符。请缩短。',
    setupLost: '设置在二维码送达之前中断了。请重新开始。',
    otpSetupMismatch:
      '门户提供的密钥与二维码不一致，或没有应用能使用它们。请重新开始设置。如果问题仍然存在，请反馈给我们。',
    sessionUnknown: '列表中没有此会话。请刷新列表。',
    sessionCurrent: '这是您正在使用的会话。如要结束，请退出登录。',
    sessionAmbiguous: '有多个会话使用此 ID，可能会误结束其他会话。请改为结束所有其他会话。',
    sessionNotEnded:
      '门户称已结束此会话，但列表中仍有它。使用者可能仍处于登录状态。请再次结束。如果它一直留在列表中，请联系管理员。',
    sessionUnmarked: '门户未说明哪个会话是您的，因此这可能正是您在使用的会话。请改为结束所有其他会话。',
    workspaceUnknown: '列表中没有此工作区。请刷新列表。',
    workspaceClosed: '您无法进入此工作区。请选择其他工作区。',
    workspaceNotEligible: '此工作区不能设为默认，但您仍可进入。',
    entriesInvalid: '列表中有一项既不是地址也不是地址段。未保存任何内容。请更正或移除该条目。',
    entriesMissing: '白名单至少需要一个有效条目才能启用。',
    savedNotEnabled: '列表已保存，但白名单仍处于关闭状态。请再次尝试启用。',
    emptyEnforced: '白名单已启用，因此不能为空，否则任何人都无法登录。请先将其关闭。',
    lockout: '此列表不包含您登录所用的地址，会导致您无法登录。未做任何更改。请先添加您的地址。',
    changedElsewhere: '在此期间，其他人更改了白名单。没有覆盖任何内容。请查看列表后再决定。',
    notAsAsked:
      '白名单既不是原来的样子，也不是您要求的样子：可能是门户存储了其他内容，或其他人更改了它。白名单现已关闭。请查看列表后再决定。',
    lockedOut: '无法恢复之前的白名单：门户拒绝了请求。退出登录之前，请先向管理员求助。',
    lockoutSuspected:
      '更改之后，门户立即拒绝了所有请求，新列表可能已使您无法访问。之前的列表已恢复。再次更改之前，请检查您的列表。',
    keepLocksOut:
      '当前生效的列表不包含您登录所用的地址。如果保留，您将无法登录。请撤销更改，或添加您的地址后重新保存。',
    undoLocksOut: '之前的列表可能不包含您登录所用的地址，因此未恢复。请保留更改，或保存另一个列表。',
    outcomeUnknown: '尚不清楚上次更改是否已生效：门户可能仍在处理。系统将自动再次检查。',
    unconfirmed: '白名单更改尚未确认。请先保留或撤销更改。',
    stopped: '流程已停止，不会自行继续。请从存储中恢复，或重新开始。',
    storageText: '无法读取已存储的状态。请重新开始。',
    storageVersion: '已存储的状态由此软件包的其他版本写入。请重新开始。',
    storageMachine: '已存储的状态属于另一个状态机。请重新开始。',
    storageSubject: '已存储的状态属于另一个账户。请重新开始。',
  },
  portal: {
    'AUTH.MFA_CODE_INVALID': WRONG_CODE,
    'AUTH.OTP_SETUP_SESSION_INVALID': SETUP_GONE,
    'AUTH.MFA_EMAIL_IMMUTABLE': '邮件验证码既不能关闭，也不能重新设置，将保持不变。',
    'AUTH.TOO_MANY_ATTEMPTS': () => `尝试次数过多。${WAIT}`,
    'AUTH.FINGERPRINT_MISMATCH': '门户无法确认此设备就是登录时所用的设备。请重新登录。',
    'AUTH.SESSION_NOT_FOUND': '此会话已不存在。请刷新列表。',
    'ACCESS.UNAUTHORIZED': SIGN_IN,
    'ACCESS.TOKEN_MISSING': SIGN_IN,
    'ACCESS.PERMISSION_DENIED': '您没有执行此操作的权限。请向管理员申请。',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID': '此操作的验证码错误。请在门户中重试。',
    'WORKSPACE.INVITATION_EXPIRED': INVITATION_EXPIRED,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': INVITATION_CLOSED,
    'SECURE_CHANNEL.INVALID_PAYLOAD': '门户无法读取加密的请求。请重试。',
    'SECURE_CHANNEL.SESSION_NOT_FOUND': '到门户的加密通道已断开。请重试。',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `门户未接受${field === null ? '某个值' : `“${field}”的值`}。请更正后重试。`,
    'SYSTEM.INTERNAL_ERROR': SERVER,
    U1040: '此邀请已不存在。请刷新收件箱。',
    '4010': SIGN_IN,
  },
  reason: {
    wrongCode: WRONG_CODE,
    setupGone: SETUP_GONE,
    invitationExpired: INVITATION_EXPIRED,
    invitationClosed: INVITATION_CLOSED,
    proofMissing: '此操作需要再次验证您的身份，例如输入密码。您没有验证，或验证未被接受。请重试。',
  },
  kind: {
    network: NETWORK,
    timeout: TIMEOUT,
    unauthorized: SIGN_IN,
    forbidden: '门户不允许此操作。如有需要，请联系管理员。',
    notFound: '门户找不到请求的内容。请先查看当前状态，再重试。',
    conflict: '由于在此期间情况有变，门户拒绝了请求。请先查看当前状态，再重试。',
    rateLimited: WAIT,
    invalid: '门户未接受此内容。请更正后重试。',
    server: SERVER,
    protocol: (of) =>
      `回复不符合文档规定的格式。${takesAdvice(of) ? '请重试。如果问题仍然存在，请反馈给我们。' : '如果问题仍然存在，请反馈给我们。'}`,
    secureChannel: '到门户的加密通道无法使用。请重试。',
    config: '这些设置不适用于此门户。请更正。',
  },
  effect: {
    none: '本次尝试未更改任何内容。',
    done: '更改本身已生效，请勿重复操作。',
    unknown: ({ retryAt }) =>
      retryAt === null ? '尚不清楚更改是否已生效。请先确认，再决定是否重复操作。' : '目前尚不清楚更改是否已生效。',
  },
  detail: {
    between: '',
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown'
        ? `系统将于 ${clockText(LOCALE, retryAt)} 再次检查。`
        : `请在 ${clockText(LOCALE, retryAt)} 之后重试。`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `请求 ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: '验证码为六位数字。请输入应用中显示的验证码。',
    wrong: '此验证码有误。',
    refused: '门户已拒绝此验证码。',
    next: '请等待下一个验证码，然后输入。',
    insist: '您也可以再次输入相同的验证码，由门户判定。',
    skewed: ({ offsetMs }) =>
      `您手机的时钟大约${offsetMs > 0 ? '快' : '慢'}了${durationText(LOCALE, offsetMs)}。请将手机时间设为自动，然后输入下一个验证码。`,
    parametersIgnored:
      '您的应用忽略了二维码中的设置，因此门户会拒绝它生成的验证码。请用其他应用扫描二维码，或询问管理员应使用哪个应用。',
  },
  notice: {
    notSent: '由于页面被关闭或重新加载，尚在等待发送的操作未被发送。请再次选择。',
    linkUnknown: '链接所指的邀请不在您的收件箱中。该邀请可能是发给其他账户的，或已被撤回。',
    linkExpired: '链接所指的邀请已过期。请联系邀请人重新发送邀请。',
    linkHandled: '链接所指的邀请已不再有效。列表中显示了其处理结果。',
    backupCodesUnsaved: '随设置生成的备用验证码只能显示一次。如果您尚未保存，请在门户中重新生成。',
    setupReplaced: '已生成新的二维码，之前的二维码不再有效。请扫描新的二维码。',
    changedElsewhere: '在此期间，其他人更改了白名单。这是当前的列表。',
    changeUndone: '更改已撤销。之前的白名单已恢复。',
    ownPartUndone: '您的更改已撤销。其他人在此期间所做的更改予以保留。',
    lockoutSuspected:
      '更改之后，门户立即拒绝了所有请求，新列表可能已使您无法访问。正在恢复之前的列表。在此之前请保持登录状态。',
    undoPending: '尽管无人确认，更改仍然有效。目前尚未能撤销。',
  },
  verdict: {
    address: '单个地址。',
    range: '一个地址段。',
    hostBits: '不是所在地址段的第一个地址：将保存整个地址段。',
    span: '从一个地址到另一个地址：将保存为恰好包含这些地址的地址段。',
    netmask: '带子网掩码的地址：将保存为对应的地址段。',
    wildcardMask: '带反掩码（Cisco）的地址：将保存为对应的地址段。',
    wildcard: '末尾数字用星号表示：将保存为对应的地址段。',
    duplicate: '列表中已有此条目，只会保存一次。',
    covered: '已包含在另一个条目中，因此没有作用。',
    private: '私有地址。任何人都无法用它从互联网连接。',
    everything: '单独或与其他条目一起会允许所有人进入，因此列表起不到保护作用。',
    temporary: '您今天的 IPv6 地址。它会自行变化，通常不到一天；您的网络（/64）保持不变。',
    unreadable: '存储的内容即是如此，但此处无法识别。它将原样保留，并视为不允许任何人进入。',
    backwards: '终点在起点之前。请把较小的地址写在前面。',
    mixedFamilies: '地址段不能从 IPv4 跨到 IPv6。请分别输入。',
    scattered: '掩码或通配符中有间断：没有地址段恰好包含这些地址。请逐个输入地址段。',
    ambiguousMask: '这可能是带掩码的地址，也可能是别的内容。请用前缀输入地址段，例如 198.51.100.0/24。',
    ambiguous: '以 IPv6 形式书写的 IPv4 地址：前缀可能指其中任何一种。请以 IPv4 形式输入，例如 203.0.113.0/24。',
    notAnAddress: '既不是地址，也不是地址段。请更正或移除。',
  },
  warning: {
    temporaryAddress: '列表只通过您今天的 IPv6 地址允许您进入，明天可能就会使您无法登录。请同时添加您的网络（/64）。',
    otherFamily: '您的另一个会话使用另一种地址（IPv4 或 IPv6）。列表中没有这种地址，因此该会话将无法访问。',
    everybody: '这些条目合在一起会允许所有人进入，因此列表起不到保护作用。',
  },
  list: {
    unreadableRows: ({ count }) =>
      `此列表有 ${countText(LOCALE, count)} 行无法读取，因此未显示。请刷新列表。如果问题仍然存在，请反馈给我们。`,
  },
  blocked: {
    busy: '仍有操作正在进行。请等待其完成。',
    steppingUp: '门户要求再次验证您的身份。请先完成验证，或取消。',
    failed: '有操作失败。请先重试该操作。',
    questionOpen: '请先回答问题。',
    unchanged: '没有需要保存的内容。',
    alreadyOn: '它已经启用。',
    alreadyOff: '它已经关闭。',
    alreadyDefault: '它已经是默认项。',
    addressUnknown: '无法得知您登录所用的地址。',
    addressCovered: '您的地址已在列表中。',
    noOtherSession: '没有其他会话。',
    unsettled: '尚不清楚上次更改是否已生效。请等待再次检查。',
    noFlow: '此处没有可取消的流程。请完成或跳过此部分。',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null ? '您登录所用的地址在列表中。' : `您的地址 ${currentAddress} 在列表中。`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? '您登录所用的地址' : `您的地址 ${currentAddress} `}不在列表中，该列表会导致您无法登录。请添加此地址。`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? '无法得知您登录所用的地址，因此该列表可能导致您无法登录。'
        : `门户看到您的地址是 ${currentAddress}，这是一个私有地址，很可能是门户自身代理的地址。无法得知列表是否允许您进入，您可能因此无法登录。`,
  },
}
