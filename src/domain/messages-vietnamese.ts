import type { FailureDetails, MessageTexts, Text } from './messages.ts'
import { clockText, countText, durationText, takesAdvice } from './messages-formats.ts'

const LOCALE = 'vi'

const SIGN_IN = 'Phiên của bạn đã kết thúc. Vui lòng đăng nhập lại.'
const SERVER: Text<FailureDetails> = (of) =>
  `Cổng thông tin đang gặp sự cố.${takesAdvice(of) ? ' Vui lòng thử lại sau giây lát.' : ''}`
const NETWORK: Text<FailureDetails> = (of) =>
  `Không thể kết nối với cổng thông tin.${takesAdvice(of) ? ' Hãy kiểm tra kết nối rồi thử lại.' : ''}`
const TIMEOUT: Text<FailureDetails> = (of) =>
  `Cổng thông tin không phản hồi kịp thời.${takesAdvice(of) ? ' Vui lòng thử lại sau giây lát.' : ''}`
const WAIT = 'Cổng thông tin yêu cầu bạn chờ trước khi thử lại.'
const PROOF =
  'Cổng thông tin yêu cầu xác minh danh tính thêm một lần cho thao tác này. Nếu không được hỏi ở đây, hãy xác minh trong cổng thông tin.'
const PROOF_OVER =
  'Cổng thông tin không chấp nhận lần xác minh danh tính bổ sung của bạn, hoặc lần xác minh đó đã hết hạn. Vui lòng thử lại. Nếu không được hỏi ở đây, hãy xác minh trong cổng thông tin.'
const WRONG_CODE = 'Mã không đúng hoặc đã hết hạn. Hãy chờ mã tiếp theo rồi nhập mã đó.'
const SETUP_GONE = 'Lần thiết lập này và mã QR của nó đã hết hạn. Hãy thiết lập lại từ đầu.'
const INVITATION_EXPIRED = 'Lời mời đã hết hạn. Hãy yêu cầu một lời mời mới.'
const INVITATION_CLOSED = 'Lời mời đã được chấp nhận, từ chối hoặc thu hồi. Hãy làm mới hộp thư đến.'

/**
 * The texts in Vietnamese, for `createMessages`.
 *
 * @example
 * ```ts
 * const { noticeText } = createMessages(vietnameseMessages)
 * noticeText('changeUndone') === vietnameseMessages.notice.changeUndone // => true
 * ```
 */
export const vietnameseMessages: MessageTexts = {
  locale: LOCALE,
  client: {
    slotEmpty:
      'Máy trạng thái này không có dịch vụ để gọi. Hãy tạo máy trạng thái bằng createMachines(api), hoặc cung cấp dịch vụ bằng .provide().',
    methodMissing:
      'PortalApi thiếu một phương thức mà bước này cần. Hãy thêm phương thức đó, hoặc bỏ bước này khỏi thứ tự.',
    option: 'Một tùy chọn có giá trị không hợp lệ. Hãy sửa lại.',
    input: 'Một dữ liệu đầu vào có giá trị không hợp lệ. Hãy sửa lại.',
    aborted: (of) =>
      `Yêu cầu đã bị hủy trước khi có phản hồi.${takesAdvice(of) ? ' Hãy gửi lại nếu bạn vẫn cần.' : ''}`,
    network: NETWORK,
    timeout: TIMEOUT,
    redirect:
      'Cổng thông tin trả về một chuyển hướng và hệ thống đã không đi theo. Vui lòng đăng nhập lại. Nếu sự cố vẫn tiếp diễn, hãy kiểm tra URL cơ sở.',
    insecure: 'Chỉ được dùng https, trừ khi kết nối đến chính máy tính này. Hãy kiểm tra URL cơ sở.',
    tooLarge: 'Phản hồi lớn hơn 1 MiB và đã bị loại bỏ. Hãy kiểm tra URL cơ sở.',
    malformed: (of) =>
      `Phản hồi không đúng định dạng trong tài liệu.${takesAdvice(of) ? ' Vui lòng thử lại. Nếu sự cố vẫn tiếp diễn, hãy kiểm tra URL cơ sở.' : ''}`,
    shape: (of) =>
      `Phản hồi thiếu một trường, hoặc có trường sai kiểu.${takesAdvice(of) ? ' Vui lòng thử lại. Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.' : ' Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.'}`,
    server: SERVER,
    unauthorized: SIGN_IN,
    signedOutUnsent:
      'Phiên của bạn đã kết thúc. Những thao tác còn chờ gửi chưa được gửi. Hãy đăng nhập lại, rồi chọn lại.',
    rateLimited: WAIT,
    refused: 'Cổng thông tin đã từ chối mà không nêu lý do. Hãy kiểm tra trạng thái hiện tại trước khi thử lại.',
    encryptedReply: (of) =>
      `Không thể giải mã phản hồi nên phản hồi đã bị loại bỏ.${takesAdvice(of) ? ' Vui lòng thử lại.' : ''}`,
    plainReply:
      'Phản hồi đã bị loại bỏ vì không được mã hóa, dù cổng thông tin này vẫn mã hóa những phản hồi như vậy. Nếu sự cố vẫn tiếp diễn, hãy báo cho đơn vị vận hành cổng thông tin.',
    refresh: 'Không thể gia hạn phiên của bạn. Vui lòng thử lại. Nếu sự cố vẫn tiếp diễn, hãy đăng nhập lại.',
    accessToken: 'Không có mã truy cập. Vui lòng đăng nhập lại.',
    stepUpDeclined:
      'Cổng thông tin yêu cầu xác minh danh tính thêm một lần cho thao tác này nhưng bạn chưa xác minh. Hãy thử lại và xác minh khi được hỏi.',
    stepUpFailed:
      'Cổng thông tin yêu cầu xác minh danh tính thêm một lần cho thao tác này nhưng không thể thực hiện được. Vui lòng thử lại. Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.',
    insecureContext:
      'Trình duyệt chỉ mã hóa trên các trang https và trên localhost. Hãy cung cấp trang qua https, hoặc tắt kênh bảo mật.',
    secureChannel: 'Không thể thiết lập kênh mã hóa đến cổng thông tin. Vui lòng thử lại.',
    channelKey:
      'Cổng thông tin không gửi khóa công khai dùng được nên không thể thiết lập kênh mã hóa. Hãy báo cho đơn vị vận hành cổng thông tin.',
    ticketSpent: 'Thay đổi này đã được bắt đầu nên sẽ không được gửi lại. Kết quả đang được kiểm tra.',
    unexpected: (of) => `Đã xảy ra lỗi không mong muốn.${takesAdvice(of) ? ' Vui lòng thử lại.' : ''}`,
    notDone: 'Thay đổi chưa có hiệu lực. Bạn có thể thực hiện lại.',
    loadFailed:
      'Không thể tải một phần của ứng dụng này. Hãy kiểm tra kết nối rồi thử lại. Nếu sự cố vẫn tiếp diễn, hãy tải lại trang.',
    notLoaded:
      'Máy trạng thái của trạng thái này chưa được tải. Hãy chờ loadMachines() hoàn tất trước khi khôi phục quy trình.',
    stepUnreadable:
      'Không thể hiển thị bước này. Hãy thử lại hoặc bỏ qua. Nếu vẫn không được, vui lòng liên hệ bộ phận hỗ trợ.',
    stepRequired: 'Bước này là bắt buộc. Hãy hoàn tất để tiếp tục.',
    invitationUnavailable: 'Không thể chấp nhận hoặc từ chối lời mời này nữa. Hãy làm mới hộp thư đến.',
    invitationUnknown: 'Lời mời này không có trong hộp thư đến. Hãy làm mới hộp thư đến.',
    reasonTooLong: 'Lý do dài hơn 500 ký tự. Hãy rút ngắn.',
    setupLost: 'Quá trình thiết lập bị gián đoạn trước khi nhận được mã QR. Hãy bắt đầu lại.',
    otpSetupMismatch:
      'Khóa và mã QR do cổng thông tin cung cấp không khớp nhau, hoặc không ứng dụng nào dùng được. Hãy thiết lập lại từ đầu. Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.',
    sessionUnknown: 'Phiên này không có trong danh sách. Hãy làm mới danh sách.',
    sessionCurrent: 'Đây là phiên bạn đang sử dụng. Để kết thúc phiên, hãy đăng xuất.',
    sessionAmbiguous:
      'Có nhiều phiên dùng cùng mã định danh này nên có thể kết thúc nhầm phiên. Thay vào đó, hãy kết thúc tất cả các phiên khác.',
    sessionNotEnded:
      'Cổng thông tin báo đã kết thúc phiên này nhưng vẫn còn liệt kê. Người đang dùng phiên có thể vẫn còn đăng nhập. Hãy kết thúc lại. Nếu phiên vẫn còn trong danh sách, hãy liên hệ quản trị viên.',
    sessionUnmarked:
      'Cổng thông tin không cho biết phiên nào là của bạn nên đây có thể là phiên bạn đang sử dụng. Thay vào đó, hãy kết thúc tất cả các phiên khác.',
    workspaceUnknown: 'Không gian làm việc này không có trong danh sách. Hãy làm mới danh sách.',
    workspaceClosed: 'Bạn không thể vào không gian làm việc này. Hãy chọn không gian khác.',
    workspaceNotEligible: 'Không thể đặt không gian làm việc này làm mặc định, nhưng bạn vẫn có thể vào.',
    entriesInvalid:
      'Danh sách có một mục không phải là địa chỉ cũng không phải là dải địa chỉ. Chưa có gì được lưu. Hãy sửa hoặc xóa mục đó.',
    entriesMissing: 'Danh sách trắng cần ít nhất một mục hợp lệ thì mới bật được.',
    savedNotEnabled: 'Danh sách đã được lưu nhưng danh sách trắng vẫn đang tắt. Hãy thử bật lại.',
    emptyEnforced:
      'Danh sách trắng đang bật nên không được để trống, nếu không sẽ không ai đăng nhập được. Hãy tắt trước.',
    lockout:
      'Danh sách này không bao gồm địa chỉ bạn đang dùng để đăng nhập nên bạn sẽ bị chặn. Chưa có gì thay đổi. Hãy thêm địa chỉ của bạn trước.',
    changedElsewhere:
      'Trong lúc đó, người khác đã thay đổi danh sách trắng. Chưa có gì bị ghi đè. Hãy xem lại danh sách rồi quyết định.',
    notAsAsked:
      'Danh sách trắng không giống trước đây cũng không giống như bạn yêu cầu: cổng thông tin đã lưu nội dung khác, hoặc người khác đã thay đổi. Danh sách đang tắt. Hãy xem lại danh sách rồi quyết định.',
    lockedOut:
      'Không thể khôi phục danh sách trắng trước đó vì cổng thông tin đã từ chối. Hãy nhờ quản trị viên giúp đỡ trước khi đăng xuất.',
    lockoutSuspected:
      'Ngay sau khi thay đổi, cổng thông tin đã từ chối mọi yêu cầu nên có thể danh sách mới đã chặn bạn. Danh sách trước đó đã được khôi phục. Hãy kiểm tra danh sách trước khi thay đổi lại.',
    keepLocksOut:
      'Danh sách đang có hiệu lực không bao gồm địa chỉ bạn đang dùng để đăng nhập. Nếu giữ lại, bạn sẽ bị chặn. Hãy hoàn tác thay đổi, hoặc thêm địa chỉ của bạn rồi lưu lại.',
    undoLocksOut:
      'Danh sách trước đó có thể không bao gồm địa chỉ bạn đang dùng để đăng nhập nên chưa được khôi phục. Hãy giữ thay đổi, hoặc lưu một danh sách khác.',
    outcomeUnknown:
      'Chưa rõ thay đổi gần nhất đã có hiệu lực hay chưa: cổng thông tin có thể vẫn đang xử lý. Hệ thống sẽ tự động kiểm tra lại.',
    unconfirmed: 'Thay đổi đối với danh sách trắng chưa được xác nhận. Trước tiên hãy giữ hoặc hoàn tác thay đổi.',
    stopped: 'Quy trình đã dừng và sẽ không tự tiếp tục. Hãy khôi phục từ bộ nhớ, hoặc bắt đầu lại.',
    storageText: 'Không thể đọc trạng thái đã lưu. Hãy bắt đầu lại.',
    storageVersion: 'Trạng thái đã lưu do một phiên bản khác của gói này tạo ra. Hãy bắt đầu lại.',
    storageMachine: 'Trạng thái đã lưu thuộc về một máy trạng thái khác. Hãy bắt đầu lại.',
    storageSubject: 'Trạng thái đã lưu thuộc về một tài khoản khác. Hãy bắt đầu lại.',
  },
  portal: {
    'AUTH.MFA_CODE_INVALID': WRONG_CODE,
    'AUTH.OTP_SETUP_SESSION_INVALID': SETUP_GONE,
    'AUTH.MFA_EMAIL_IMMUTABLE': 'Không thể tắt hay thiết lập lại mã gửi qua email. Phương thức này được giữ nguyên.',
    'AUTH.TOO_MANY_ATTEMPTS': () => `Bạn đã thử quá nhiều lần. ${WAIT}`,
    'AUTH.FINGERPRINT_MISMATCH':
      'Cổng thông tin không nhận ra thiết bị này là thiết bị đã đăng nhập. Vui lòng đăng nhập lại.',
    'AUTH.SESSION_NOT_FOUND': 'Phiên này không còn tồn tại. Hãy làm mới danh sách.',
    'ACCESS.UNAUTHORIZED': SIGN_IN,
    'ACCESS.TOKEN_MISSING': SIGN_IN,
    'ACCESS.PERMISSION_DENIED': 'Bạn không có quyền thực hiện thao tác này. Hãy xin quyền từ quản trị viên.',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID': 'Mã cho thao tác này không đúng. Vui lòng thử lại trong cổng thông tin.',
    'WORKSPACE.INVITATION_EXPIRED': INVITATION_EXPIRED,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': INVITATION_CLOSED,
    'SECURE_CHANNEL.INVALID_PAYLOAD': 'Cổng thông tin không đọc được yêu cầu đã mã hóa. Vui lòng thử lại.',
    'SECURE_CHANNEL.SESSION_NOT_FOUND': 'Kênh mã hóa đến cổng thông tin đã bị mất. Vui lòng thử lại.',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `Cổng thông tin không chấp nhận ${field === null ? 'một giá trị' : `giá trị của “${field}”`}. Hãy sửa lại rồi thử lại.`,
    'SYSTEM.INTERNAL_ERROR': SERVER,
    U1040: 'Lời mời này không còn tồn tại. Hãy làm mới hộp thư đến.',
    '4010': SIGN_IN,
  },
  reason: {
    wrongCode: WRONG_CODE,
    setupGone: SETUP_GONE,
    invitationExpired: INVITATION_EXPIRED,
    invitationClosed: INVITATION_CLOSED,
    proofMissing:
      'Thao tác này cần xác minh danh tính thêm một lần, chẳng hạn bằng mật khẩu. Bạn chưa xác minh, hoặc lần xác minh không được chấp nhận. Vui lòng thử lại.',
  },
  kind: {
    network: NETWORK,
    timeout: TIMEOUT,
    unauthorized: SIGN_IN,
    forbidden: 'Cổng thông tin không cho phép thao tác này. Nếu cần, hãy liên hệ quản trị viên.',
    notFound:
      'Cổng thông tin không tìm thấy nội dung được yêu cầu. Hãy kiểm tra trạng thái hiện tại trước khi thử lại.',
    conflict:
      'Cổng thông tin đã từ chối vì có điều gì đó đã thay đổi trong lúc đó. Hãy kiểm tra trạng thái hiện tại trước khi thử lại.',
    rateLimited: WAIT,
    invalid: 'Cổng thông tin không chấp nhận nội dung này. Hãy sửa lại rồi thử lại.',
    server: SERVER,
    protocol: (of) =>
      `Phản hồi không đúng định dạng trong tài liệu.${takesAdvice(of) ? ' Vui lòng thử lại. Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.' : ' Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.'}`,
    secureChannel: 'Kênh mã hóa đến cổng thông tin không hoạt động. Vui lòng thử lại.',
    config: 'Các cài đặt này không dùng được với cổng thông tin. Hãy sửa lại.',
  },
  effect: {
    none: 'Lần thử này không thay đổi gì.',
    done: 'Bản thân thay đổi đã có hiệu lực, vì vậy đừng thực hiện lại.',
    unknown: ({ retryAt }) =>
      retryAt === null
        ? 'Không rõ thay đổi đã có hiệu lực hay chưa. Hãy kiểm tra trước khi thực hiện lại.'
        : 'Hiện chưa rõ thay đổi đã có hiệu lực hay chưa.',
  },
  detail: {
    between: ' ',
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown'
        ? `Hệ thống sẽ kiểm tra lại lúc ${clockText(LOCALE, retryAt)}.`
        : `Hãy thử lại lúc ${clockText(LOCALE, retryAt)}.`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `yêu cầu ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: 'Mã gồm sáu chữ số. Hãy nhập mã mà ứng dụng hiển thị.',
    wrong: 'Mã này không đúng.',
    refused: 'Cổng thông tin đã từ chối mã này.',
    next: 'Hãy chờ mã tiếp theo rồi nhập mã đó.',
    insist: 'Hoặc nhập lại chính mã này để cổng thông tin quyết định.',
    skewed: ({ offsetMs }) =>
      `Đồng hồ trên điện thoại của bạn chạy ${offsetMs > 0 ? 'nhanh' : 'chậm'} khoảng ${durationText(LOCALE, offsetMs)}. Hãy đặt giờ tự động rồi nhập mã tiếp theo.`,
    parametersIgnored:
      'Ứng dụng của bạn bỏ qua các cài đặt trong mã QR nên cổng thông tin sẽ từ chối mã của ứng dụng. Hãy quét mã QR bằng ứng dụng khác, hoặc hỏi quản trị viên nên dùng ứng dụng nào.',
  },
  notice: {
    notSent: 'Những thao tác còn chờ gửi chưa được gửi vì trang đã bị đóng hoặc tải lại. Hãy chọn lại.',
    linkUnknown:
      'Lời mời trong liên kết không có trong hộp thư đến của bạn. Có thể lời mời đó dành cho tài khoản khác hoặc đã bị thu hồi.',
    linkExpired: 'Lời mời trong liên kết đã hết hạn. Hãy đề nghị người mời gửi lời mời mới.',
    linkHandled: 'Lời mời trong liên kết không còn hiệu lực. Danh sách cho biết kết quả của lời mời đó.',
    backupCodesUnsaved:
      'Mã dự phòng đi kèm lần thiết lập chỉ có thể hiển thị một lần. Nếu bạn chưa lưu, hãy tạo mã mới trong cổng thông tin.',
    setupReplaced: 'Đã có mã QR mới. Mã trước đó không còn dùng được. Hãy quét mã mới.',
    changedElsewhere: 'Trong lúc đó, người khác đã thay đổi danh sách trắng. Đây là danh sách hiện tại.',
    changeUndone: 'Thay đổi đã được hoàn tác. Danh sách trắng trước đó đã được khôi phục.',
    ownPartUndone:
      'Thay đổi của bạn đã được hoàn tác. Những thay đổi mà người khác thực hiện trong lúc đó được giữ lại.',
    lockoutSuspected:
      'Ngay sau khi thay đổi, cổng thông tin đã từ chối mọi yêu cầu nên có thể danh sách mới đã chặn bạn. Danh sách trước đó đang được khôi phục. Hãy tiếp tục đăng nhập cho đến khi xong.',
    undoPending: 'Thay đổi vẫn còn hiệu lực dù chưa ai xác nhận. Hiện chưa thể hoàn tác.',
  },
  verdict: {
    address: 'Một địa chỉ đơn lẻ.',
    range: 'Một dải địa chỉ.',
    hostBits: 'Không phải địa chỉ đầu tiên của dải: toàn bộ dải sẽ được lưu.',
    span: 'Từ địa chỉ này đến địa chỉ kia: được lưu thành các dải bao gồm đúng những địa chỉ này.',
    netmask: 'Địa chỉ kèm mặt nạ mạng: được lưu thành dải tương ứng.',
    wildcardMask: 'Địa chỉ kèm mặt nạ đảo (Cisco): được lưu thành dải tương ứng.',
    wildcard: 'Dấu sao thay cho các số cuối: được lưu thành dải tương ứng.',
    duplicate: 'Đã có trong danh sách. Chỉ được lưu một lần.',
    covered: 'Đã nằm trong một mục khác nên không có thêm tác dụng.',
    private: 'Một địa chỉ riêng. Không ai có thể kết nối từ địa chỉ này qua internet.',
    everything: 'Cho phép tất cả mọi người, dù đứng riêng hay cùng các mục khác, nên danh sách không bảo vệ được gì.',
    temporary:
      'Địa chỉ IPv6 hôm nay của bạn. Địa chỉ này tự thay đổi, thường là trong vòng một ngày. Mạng của bạn (/64) thì không đổi.',
    unreadable:
      'Được lưu như thế này nhưng không đọc được ở đây. Mục này được giữ nguyên và được coi là không cho phép ai.',
    backwards: 'Điểm cuối đứng trước điểm đầu. Hãy nhập địa chỉ nhỏ hơn trước.',
    mixedFamilies: 'Một dải không thể đi từ IPv4 sang IPv6. Hãy nhập riêng từng dải.',
    scattered:
      'Mặt nạ hoặc ký tự đại diện bị ngắt quãng: không có dải nào bao gồm đúng những địa chỉ này. Hãy nhập từng dải một.',
    ambiguousMask:
      'Đây có thể là địa chỉ kèm mặt nạ, hoặc là thứ khác. Hãy nhập dải kèm tiền tố, chẳng hạn 198.51.100.0/24.',
    ambiguous:
      'Địa chỉ IPv4 viết theo kiểu IPv6: tiền tố có thể được hiểu theo cả hai cách. Hãy nhập theo kiểu IPv4, chẳng hạn 203.0.113.0/24.',
    notAnAddress: 'Không phải địa chỉ cũng không phải dải địa chỉ. Hãy sửa hoặc xóa mục này.',
  },
  warning: {
    temporaryAddress:
      'Danh sách chỉ cho phép bạn qua địa chỉ IPv6 hôm nay. Ngày mai bạn có thể bị chặn. Hãy thêm cả mạng của bạn (/64).',
    otherFamily:
      'Một phiên khác của bạn dùng loại địa chỉ còn lại, IPv4 hoặc IPv6. Danh sách không có địa chỉ nào thuộc loại đó nên phiên ấy sẽ bị chặn.',
    everybody: 'Gộp lại, các mục cho phép tất cả mọi người nên danh sách không bảo vệ được gì.',
  },
  list: {
    unreadableRows: ({ count }) =>
      `Danh sách này có ${countText(LOCALE, count)} hàng không đọc được nên không được hiển thị. Hãy làm mới danh sách. Nếu sự cố vẫn tiếp diễn, hãy báo cho chúng tôi.`,
  },
  blocked: {
    busy: 'Vẫn còn thao tác đang được thực hiện. Vui lòng chờ cho đến khi xong.',
    steppingUp: 'Cổng thông tin yêu cầu xác minh danh tính thêm một lần. Hãy xác minh trước, hoặc hủy.',
    failed: 'Có thao tác đã thất bại. Hãy thử lại thao tác đó trước.',
    questionOpen: 'Hãy trả lời câu hỏi trước.',
    unchanged: 'Không có gì để lưu.',
    alreadyOn: 'Mục này đã được bật.',
    alreadyOff: 'Mục này đã được tắt.',
    alreadyDefault: 'Đây đã là mục mặc định.',
    addressUnknown: 'Không rõ địa chỉ bạn đang dùng để đăng nhập.',
    addressCovered: 'Địa chỉ của bạn đã có trong danh sách.',
    noOtherSession: 'Không có phiên nào khác.',
    unsettled: 'Chưa rõ thay đổi gần nhất đã có hiệu lực hay chưa. Hãy chờ đến lần kiểm tra tiếp theo.',
    noFlow: 'Ở đây không có quy trình nào để hủy. Hãy hoàn tất hoặc bỏ qua phần này.',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null
        ? 'Địa chỉ bạn đang dùng để đăng nhập có trong danh sách.'
        : `Địa chỉ của bạn, ${currentAddress}, có trong danh sách.`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? 'Địa chỉ bạn đang dùng để đăng nhập' : `Địa chỉ của bạn, ${currentAddress},`} không có trong danh sách nên danh sách sẽ chặn bạn. Hãy thêm địa chỉ đó.`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? 'Không rõ địa chỉ bạn đang dùng để đăng nhập nên danh sách có thể chặn bạn.'
        : `Cổng thông tin thấy địa chỉ của bạn là ${currentAddress}, một địa chỉ riêng và có lẽ là của chính proxy của cổng thông tin. Không rõ danh sách có cho phép bạn hay không. Bạn có thể bị chặn.`,
  },
}
