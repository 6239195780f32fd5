import type { FailureDetails, MessageTexts, Text } from './messages.ts'
import { clockText, countText, durationText, takesAdvice } from './messages-formats.ts'

const LOCALE = 'ja'

const SIGN_IN = 'セッションが終了しました。もう一度サインインしてください。'
const SERVER: Text<FailureDetails> = (of) =>
  `ポータルで問題が発生しています。${takesAdvice(of) ? 'しばらくしてからもう一度お試しください。' : ''}`
const NETWORK: Text<FailureDetails> = (of) =>
  `ポータルに接続できませんでした。${takesAdvice(of) ? '接続を確認してから、もう一度お試しください。' : ''}`
const TIMEOUT: Text<FailureDetails> = (of) =>
  `ポータルから時間内に応答がありませんでした。${takesAdvice(of) ? 'しばらくしてからもう一度お試しください。' : ''}`
const WAIT = 'ポータルから、次の操作まで待つよう求められています。'
const PROOF = 'この操作には、追加の本人確認が必要です。ここで求められない場合は、ポータルで本人確認を行ってください。'
const PROOF_OVER =
  '追加の本人確認がポータルに受け付けられなかったか、有効期限が切れています。もう一度お試しください。ここで求められない場合は、ポータルで本人確認を行ってください。'
const WRONG_CODE =
  'コードが間違っているか、有効期限が切れています。次のコードが表示されるまで待ってから入力してください。'
const SETUP_GONE = 'この設定と QR コードの有効期限が切れました。設定を最初からやり直してください。'
const INVITATION_EXPIRED = '招待の有効期限が切れました。新しい招待を依頼してください。'
const INVITATION_CLOSED = 'この招待は、すでに承諾、辞退、または取り消されています。受信箱を更新してください。'

/**
 * The texts in Japanese, for `createMessages`.
 *
 * @example
 * ```ts
 * const { noticeText } = createMessages(japaneseMessages)
 * noticeText('changeUndone') === japaneseMessages.notice.changeUndone // => true
 * ```
 */
export const japaneseMessages: MessageTexts = {
  locale: LOCALE,
  client: {
    slotEmpty:
      'このマシンには呼び出せるサービスがありません。createMachines(api) でマシンを作成するか、.provide() でサービスを指定してください。',
    methodMissing:
      'このステップに必要なメソッドが PortalApi にありません。メソッドを追加するか、このステップを順序から外してください。',
    option: '無効な値のオプションがあります。修正してください。',
    input: '無効な入力値があります。修正してください。',
    aborted: (of) =>
      `応答が届く前にリクエストが中止されました。${takesAdvice(of) ? '必要な場合は、もう一度実行してください。' : ''}`,
    network: NETWORK,
    timeout: TIMEOUT,
    redirect:
      'ポータルからリダイレクトが返されましたが、転送先には移動しませんでした。もう一度サインインしてください。解決しない場合は、ベース URL を確認してください。',
    insecure: 'このコンピューター以外への接続には https のみ使用できます。ベース URL を確認してください。',
    tooLarge: '応答が 1 MiB を超えたため、破棄しました。ベース URL を確認してください。',
    malformed: (of) =>
      `応答が文書化された形式と異なります。${takesAdvice(of) ? 'もう一度お試しください。解決しない場合は、ベース URL を確認してください。' : ''}`,
    shape: (of) =>
      `応答に必要な項目がないか、項目の型が正しくありません。${takesAdvice(of) ? 'もう一度お試しください。解決しない場合は、ご報告ください。' : '解決しない場合は、ご報告ください。'}`,
    server: SERVER,
    unauthorized: SIGN_IN,
    signedOutUnsent:
      'セッションが終了しました。送信待ちだった操作は送信されていません。もう一度サインインして、選択し直してください。',
    rateLimited: WAIT,
    refused: 'ポータルに理由なく拒否されました。現在の状態を確認してから、もう一度お試しください。',
    encryptedReply: (of) =>
      `応答を復号できなかったため、破棄しました。${takesAdvice(of) ? 'もう一度お試しください。' : ''}`,
    plainReply:
      'このポータルでは暗号化されるはずの応答が暗号化されていなかったため、破棄しました。解決しない場合は、ポータルの運営者に報告してください。',
    refresh:
      'セッションを延長できませんでした。もう一度お試しください。解決しない場合は、もう一度サインインしてください。',
    accessToken: 'アクセストークンがありません。もう一度サインインしてください。',
    stepUpDeclined:
      'この操作には追加の本人確認が必要ですが、行われませんでした。もう一度お試しになり、求められたら本人確認を行ってください。',
    stepUpFailed:
      'この操作には追加の本人確認が必要ですが、実行できませんでした。もう一度お試しください。解決しない場合は、ご報告ください。',
    insecureContext:
      'ブラウザーで暗号化できるのは、https のページと localhost だけです。ページを https で配信するか、セキュアチャネルをオフにしてください。',
    secureChannel: 'ポータルとの暗号化チャネルを確立できませんでした。もう一度お試しください。',
    channelKey:
      'ポータルから使用可能な公開鍵が送られてこなかったため、暗号化チャネルを確立できませんでした。ポータルの運営者に報告してください。',
    ticketSpent: 'この変更はすでに開始されているため、再送信しません。結果を確認しています。',
    unexpected: (of) => `予期しないエラーが発生しました。${takesAdvice(of) ? 'もう一度お試しください。' : ''}`,
    notDone: '変更は反映されませんでした。もう一度変更できます。',
    loadFailed:
      'このアプリの一部を読み込めませんでした。接続を確認してから、もう一度お試しください。解決しない場合は、ページを再読み込みしてください。',
    notLoaded:
      'この状態に対応するマシンがまだ読み込まれていません。フローを復元する前に、loadMachines() の完了を待ってください。',
    stepUnreadable:
      'このステップを表示できません。もう一度お試しになるか、スキップしてください。解決しない場合は、サポートにお問い合わせください。',
    stepRequired: 'このステップは必須です。続けるには完了してください。',
    invitationUnavailable: 'この招待は、承諾も辞退もできなくなりました。受信箱を更新してください。',
    invitationUnknown: 'この招待は受信箱にありません。受信箱を更新してください。',
    reasonTooLong: '理由が 500 文字を超えています。短くしてください。',
    setupLost: 'QR コードが届く前に設定が中断されました。最初からやり直してください。',
    otpSetupMismatch:
      'ポータルから送られたキーと QR コードが一致しないか、どのアプリでも使用できません。設定を最初からやり直してください。解決しない場合は、ご報告ください。',
    sessionUnknown: 'このセッションは一覧にありません。一覧を更新してください。',
    sessionCurrent: 'これは現在使用中のセッションです。終了するには、サインアウトしてください。',
    sessionAmbiguous:
      '同じ ID のセッションが複数あるため、別のセッションが終了する可能性があります。代わりに、ほかのすべてのセッションを終了してください。',
    sessionNotEnded:
      'ポータルはこのセッションを終了したと応答しましたが、まだ一覧に残っています。使用者がまだサインインしている可能性があります。もう一度終了してください。一覧から消えない場合は、管理者にお問い合わせください。',
    sessionUnmarked:
      'どのセッションがご自身のものかをポータルが示していないため、これは現在使用中のセッションかもしれません。代わりに、ほかのすべてのセッションを終了してください。',
    workspaceUnknown: 'このワークスペースは一覧にありません。一覧を更新してください。',
    workspaceClosed: 'このワークスペースには入れません。別のワークスペースを選択してください。',
    workspaceNotEligible: 'このワークスペースは既定に設定できませんが、入ることはできます。',
    entriesInvalid:
      'アドレスでもアドレス範囲でもない項目が一覧にあります。何も保存されていません。項目を修正または削除してください。',
    entriesMissing: 'ホワイトリストをオンにするには、有効な項目が 1 つ以上必要です。',
    savedNotEnabled: '一覧は保存されましたが、ホワイトリストはまだオフです。もう一度オンにしてみてください。',
    emptyEnforced:
      'ホワイトリストがオンのため、空にはできません。空にすると誰もサインインできなくなります。先にオフにしてください。',
    lockout:
      'この一覧には、サインイン中のアドレスが含まれていないため、サインインできなくなります。何も変更していません。先にご自身のアドレスを追加してください。',
    changedElsewhere:
      'その間に、ほかの人がホワイトリストを変更しました。何も上書きしていません。一覧を確認してから決めてください。',
    notAsAsked:
      'ホワイトリストが、元の内容とも依頼した内容とも異なります。ポータルが別の内容を保存したか、ほかの人が変更した可能性があります。現在はオフです。一覧を確認してから決めてください。',
    lockedOut:
      'ポータルに拒否されたため、以前のホワイトリストを復元できませんでした。サインアウトする前に、管理者に助けを求めてください。',
    lockoutSuspected:
      '変更の直後から、ポータルにすべてのリクエストが拒否されました。新しい一覧によって締め出された可能性があるため、以前の一覧を復元しました。再び変更する前に、一覧を確認してください。',
    keepLocksOut:
      '現在有効な一覧には、サインイン中のアドレスが含まれていません。このままにすると、サインインできなくなります。変更を元に戻すか、ご自身のアドレスを追加してもう一度保存してください。',
    undoLocksOut:
      '以前の一覧にはサインイン中のアドレスが含まれていない可能性があるため、復元しませんでした。変更を維持するか、別の一覧を保存してください。',
    outcomeUnknown: '前回の変更の結果は、まだわかりません。ポータルで処理中の可能性があります。自動的に再確認します。',
    unconfirmed: 'ホワイトリストの変更がまだ確定されていません。先に維持するか元に戻してください。',
    stopped: 'フローが停止し、自動では再開しません。保存された状態から復元するか、最初からやり直してください。',
    storageText: '保存された状態を読み取れませんでした。最初からやり直してください。',
    storageVersion: '保存された状態は、このパッケージの別のバージョンのものです。最初からやり直してください。',
    storageMachine: '保存された状態は別のマシンのものです。最初からやり直してください。',
    storageSubject: '保存された状態は別のアカウントのものです。最初からやり直してください。',
  },
  portal: {
    'AUTH.MFA_CODE_INVALID': WRONG_CODE,
    'AUTH.OTP_SETUP_SESSION_INVALID': SETUP_GONE,
    'AUTH.MFA_EMAIL_IMMUTABLE':
      'メールで届くコードは、オフにすることも再設定することもできません。現在のまま維持されます。',
    'AUTH.TOO_MANY_ATTEMPTS': () => `試行回数が多すぎます。${WAIT}`,
    'AUTH.FINGERPRINT_MISMATCH':
      'サインインしたときのデバイスとして、ポータルがこのデバイスを認識できません。もう一度サインインしてください。',
    'AUTH.SESSION_NOT_FOUND': 'このセッションはもう存在しません。一覧を更新してください。',
    'ACCESS.UNAUTHORIZED': SIGN_IN,
    'ACCESS.TOKEN_MISSING': SIGN_IN,
    'ACCESS.PERMISSION_DENIED': 'この操作を行う権限がありません。管理者に権限を依頼してください。',
    'ACCESS.RISK_CHALLENGE_REQUIRED': PROOF,
    'ACCESS.MFA_REQUIRED': PROOF,
    'ACCESS.MFA_TOKEN_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_TOKEN_INVALID': PROOF_OVER,
    'ACCESS.MFA_CHALLENGE_EXPIRED': PROOF_OVER,
    'ACCESS.MFA_CODE_INVALID': 'この操作のコードが間違っています。ポータルでもう一度お試しください。',
    'WORKSPACE.INVITATION_EXPIRED': INVITATION_EXPIRED,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': INVITATION_CLOSED,
    'SECURE_CHANNEL.INVALID_PAYLOAD':
      '暗号化されたリクエストをポータルが読み取れませんでした。もう一度お試しください。',
    'SECURE_CHANNEL.SESSION_NOT_FOUND': 'ポータルとの暗号化チャネルが切断されました。もう一度お試しください。',
    'VALIDATION.INVALID_PARAMETER': ({ field }) =>
      `${field === null ? '値' : `「${field}」の値`}がポータルに受け付けられませんでした。修正してから、もう一度お試しください。`,
    'SYSTEM.INTERNAL_ERROR': SERVER,
    U1040: 'この招待はもう存在しません。受信箱を更新してください。',
    '4010': SIGN_IN,
  },
  reason: {
    wrongCode: WRONG_CODE,
    setupGone: SETUP_GONE,
    invitationExpired: INVITATION_EXPIRED,
    invitationClosed: INVITATION_CLOSED,
    proofMissing:
      'この操作には、パスワードなどによる追加の本人確認が必要です。本人確認が行われなかったか、受け付けられませんでした。もう一度お試しください。',
  },
  kind: {
    network: NETWORK,
    timeout: TIMEOUT,
    unauthorized: SIGN_IN,
    forbidden: 'この操作はポータルで許可されていません。必要な場合は、管理者にお問い合わせください。',
    notFound: 'ポータルで対象が見つかりませんでした。現在の状態を確認してから、もう一度お試しください。',
    conflict:
      'その間に状況が変わったため、ポータルに拒否されました。現在の状態を確認してから、もう一度お試しください。',
    rateLimited: WAIT,
    invalid: '内容がポータルに受け付けられませんでした。修正してから、もう一度お試しください。',
    server: SERVER,
    protocol: (of) =>
      `応答が文書化された形式と異なります。${takesAdvice(of) ? 'もう一度お試しください。解決しない場合は、ご報告ください。' : '解決しない場合は、ご報告ください。'}`,
    secureChannel: 'ポータルとの暗号化チャネルを使用できません。もう一度お試しください。',
    config: 'この設定ではポータルを使用できません。修正してください。',
  },
  effect: {
    none: '今回の操作では何も変更されていません。',
    done: '変更自体は反映されていますので、繰り返さないでください。',
    unknown: ({ retryAt }) =>
      retryAt === null
        ? '変更が反映されたかどうかわかりません。繰り返す前に確認してください。'
        : '変更が反映されたかどうかは、まだわかりません。',
  },
  detail: {
    between: '',
    retryAt: ({ retryAt, effect }) =>
      effect === 'unknown'
        ? `${clockText(LOCALE, retryAt)} に再確認します。`
        : `${clockText(LOCALE, retryAt)} 以降にもう一度お試しください。`,
    reference: ({ code, field, requestId }) => {
      const parts = [code, field, requestId === null ? null : `リクエスト ${requestId}`].filter((part) => part !== null)
      return parts.length === 0 ? '' : `[${parts.join(', ')}]`
    },
  },
  hint: {
    malformed: 'コードは 6 桁の数字です。アプリに表示されているコードを入力してください。',
    wrong: 'コードが間違っています。',
    refused: 'このコードはポータルに拒否されました。',
    next: '次のコードが表示されるまで待ってから入力してください。',
    insist: '同じコードをもう一度入力して、ポータルに判定させることもできます。',
    skewed: ({ offsetMs }) =>
      `お使いのスマートフォンの時計が約 ${durationText(LOCALE, offsetMs)}${offsetMs > 0 ? '進んで' : '遅れて'}います。時刻を自動設定にしてから、次のコードを入力してください。`,
    parametersIgnored:
      'お使いのアプリは QR コードの設定を無視するため、そのコードはポータルに拒否されます。別のアプリで QR コードを読み取るか、使用するアプリを管理者にお問い合わせください。',
  },
  notice: {
    notSent:
      'ページが閉じられたか再読み込みされたため、送信待ちだった操作は送信されていません。もう一度選択してください。',
    linkUnknown: 'リンクの招待は受信箱にありません。別のアカウント宛てか、取り下げられた可能性があります。',
    linkExpired: 'リンクの招待は有効期限が切れています。招待した人に、もう一度招待するよう依頼してください。',
    linkHandled: 'リンクの招待はすでに受け付けを終了しています。結果は一覧で確認できます。',
    backupCodesUnsaved:
      '設定時に発行されたバックアップコードを表示できるのは一度だけです。保存していない場合は、ポータルで新しいコードを発行してください。',
    setupReplaced:
      '新しい QR コードが発行されました。以前の QR コードは使用できません。新しい QR コードを読み取ってください。',
    changedElsewhere: 'その間に、ほかの人がホワイトリストを変更しました。これが現在の一覧です。',
    changeUndone: '変更を元に戻しました。以前のホワイトリストに戻っています。',
    ownPartUndone: 'ご自身の変更を元に戻しました。その間にほかの人が行った変更は維持されています。',
    lockoutSuspected:
      '変更の直後から、ポータルにすべてのリクエストが拒否されました。新しい一覧によって締め出された可能性があるため、以前の一覧を復元しています。完了するまで、サインインしたままにしてください。',
    undoPending: '誰も確定していませんが、変更はまだ有効です。まだ元に戻せていません。',
  },
  verdict: {
    address: '単一のアドレスです。',
    range: 'アドレス範囲です。',
    hostBits: '範囲の先頭のアドレスではないため、範囲全体が保存されます。',
    span: '開始アドレスから終了アドレスまでの指定です。ちょうどその範囲になるように保存されます。',
    netmask: 'ネットマスク付きのアドレスです。それが表す範囲として保存されます。',
    wildcardMask: '反転マスク（Cisco）付きのアドレスです。それが表す範囲として保存されます。',
    wildcard: '末尾の数字がアスタリスクで指定されています。それが表す範囲として保存されます。',
    duplicate: 'すでに一覧にあります。保存されるのは 1 つだけです。',
    covered: 'すでに別の項目に含まれているため、追加の効果はありません。',
    private: 'プライベートアドレスです。インターネット経由でこのアドレスから接続することはできません。',
    everything: '単独で、またはほかの項目と合わせて、すべての人を許可します。そのため、一覧による保護は働きません。',
    temporary:
      '今日の IPv6 アドレスです。自動的に変わり、1 日もたたずに変わることがよくあります。ネットワーク（/64）は変わりません。',
    unreadable:
      'このとおりに保存されていますが、ここでは読み取れません。そのまま維持され、誰も許可しない項目として扱われます。',
    backwards: '終了が開始より前になっています。小さいアドレスを先に入力してください。',
    mixedFamilies: 'IPv4 から IPv6 にまたがる範囲は指定できません。それぞれの範囲を入力してください。',
    scattered:
      'マスクまたはワイルドカードが途切れており、ちょうどこれらのアドレスだけを含む範囲はありません。範囲を 1 つずつ入力してください。',
    ambiguousMask:
      'マスク付きのアドレスか、別のものかを判断できません。198.51.100.0/24 のように、プレフィックス付きで範囲を入力してください。',
    ambiguous:
      'IPv6 形式で書かれた IPv4 アドレスのため、プレフィックスがどちらを指すのか判断できません。203.0.113.0/24 のように、IPv4 形式で入力してください。',
    notAnAddress: 'アドレスでもアドレス範囲でもありません。修正または削除してください。',
  },
  warning: {
    temporaryAddress:
      'この一覧で許可されるのは、今日の IPv6 アドレスだけです。明日にはサインインできなくなる可能性があります。ネットワーク（/64）も追加してください。',
    otherFamily:
      'ほかのセッションの 1 つが、別の種類のアドレス（IPv4 または IPv6）を使用しています。一覧にその種類のアドレスがないため、そのセッションは使用できなくなります。',
    everybody: '項目を合わせるとすべての人を許可するため、一覧による保護は働きません。',
  },
  list: {
    unreadableRows: ({ count }) =>
      `この一覧には読み取れない行が ${countText(LOCALE, count)} 行あり、表示されていません。一覧を更新してください。解決しない場合は、ご報告ください。`,
  },
  blocked: {
    busy: '処理中の操作があります。完了するまでお待ちください。',
    steppingUp: '追加の本人確認が必要です。先に本人確認を行うか、キャンセルしてください。',
    failed: '失敗した操作があります。先にその操作をもう一度お試しください。',
    questionOpen: '先に質問に答えてください。',
    unchanged: '保存する変更はありません。',
    alreadyOn: 'すでにオンになっています。',
    alreadyOff: 'すでにオフになっています。',
    alreadyDefault: 'すでに既定に設定されています。',
    addressUnknown: 'サインイン中のアドレスがわかりません。',
    addressCovered: 'ご自身のアドレスは、すでに一覧に含まれています。',
    noOtherSession: 'ほかのセッションはありません。',
    unsettled: '前回の変更が反映されたかどうかは、まだわかりません。再確認が終わるまでお待ちください。',
    noFlow: 'ここにはキャンセルできるフローがありません。この部分を完了するか、スキップしてください。',
  },
  lockout: {
    covered: ({ currentAddress }) =>
      currentAddress === null
        ? 'サインイン中のアドレスは一覧に含まれています。'
        : `ご自身のアドレス ${currentAddress} は一覧に含まれています。`,
    notCovered: ({ currentAddress }) =>
      `${currentAddress === null ? 'サインイン中のアドレス' : `ご自身のアドレス ${currentAddress} `}が一覧に含まれていないため、サインインできなくなります。追加してください。`,
    unknown: ({ currentAddress }) =>
      currentAddress === null
        ? 'サインイン中のアドレスがわからないため、この一覧によってサインインできなくなる可能性があります。'
        : `ポータルから見えるアドレスは ${currentAddress} です。これはプライベートアドレスで、おそらくポータル自身のプロキシのものです。一覧で許可されるかどうかわからないため、サインインできなくなる可能性があります。`,
  },
}
