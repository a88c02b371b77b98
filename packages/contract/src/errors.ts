/**
 * The catalogue of the refusals that a caller can meet: the 35 rows of the contract's error table, each with what it
 * means, what the contract advises, and what to look at on a gateway that one runs oneself.
 *
 * A row's key is the code's four digits; where a code has several rows, the status follows: `0201/413`.
 */

export type Language = 'zh' | 'en'

/** The same text in both languages. */
export type Bilingual = { readonly [L in Language]: string }

/** The types under which a group's gateway response can be customised, as far as these rows need them. */
export type ResponseType =
  | 'ACCESS_DENIED'
  | 'AUTH_FAILURE'
  | 'AUTH_HEADER_MISSING'
  | 'AUTHORIZER_CONF_FAILURE'
  | 'AUTHORIZER_FAILURE'
  | 'AUTHORIZER_IDENTITIES_FAILURE'
  | 'BACKEND_TIMEOUT'
  | 'BACKEND_UNAVAILABLE'
  | 'DEFAULT_4XX'
  | 'DEFAULT_5XX'
  | 'NOT_FOUND'
  | 'ORCHESTRATION_FAILURE'
  | 'ORCHESTRATION_PARAMETER_NOT_FOUND'
  | 'REQUEST_PARAMETERS_FAILURE'
  | 'THROTTLED'
  | 'UNAUTHORIZED'

export interface ErrorEntry {
  /** `APIG.` and four digits. */
  readonly code: `APIG.${string}`
  /** Exactly as it stands in the answer; only 0607 has a placeholder, `{xxx}`. */
  readonly message: string
  readonly status: number
  readonly responseType: ResponseType
  /** Instead of `responseType`, when what was to be checked is not in the request at all. */
  readonly missingType?: ResponseType
  /** Instead of `responseType`, when the part of the gateway that refuses has a type of its own. */
  readonly specialTypes?: readonly ResponseType[]
  /** Whose fault it is, unless whoever refuses knows better. */
  readonly fault: 'caller' | 'backend' | 'gateway'
  readonly meaning: Bilingual
  readonly solution: Bilingual
  /** What to look at, or to type, next. */
  readonly nextStep: Bilingual
}

export const errors = {
  '0101': {
    code: 'APIG.0101',
    message: 'API not exist or not published in the environment.',
    status: 404,
    responseType: 'NOT_FOUND',
    fault: 'caller',
    meaning: {
      zh: 'API不存在或未发布到环境',
      en: 'The API does not exist, or it is not published in the environment.',
    },
    solution: {
      zh: '检查域名、方法、路径和注册的API是否一致；检查API是否发布，如果发布到非生产环境，检查请求X-Stage头是否为发布的环境名',
      en: 'Check that host, method and path are those of the registered API. Check that the API is published; if it is published in an environment other than RELEASE, check that the X-Stage header carries the name of that environment.',
    },
    nextStep: {
      zh: '在管理端口执行 GET /pailou/v1/requests/{request_id}，可看到网关用哪个域名、方法、路径和环境查找以及哪一项没有找到；再用 GET apis/publish/{api_id} 确认该API发布在哪些环境。',
      en: 'GET /pailou/v1/requests/{request_id} on the admin port shows which host, method, path and environment were looked up and which of them was unknown; then GET apis/publish/{api_id} shows where the API is published.',
    },
  },
  '0103': {
    code: 'APIG.0103',
    message: 'Backend not found.',
    status: 404,
    responseType: 'DEFAULT_4XX',
    fault: 'gateway',
    meaning: { zh: '无法找到后端', en: 'The backend cannot be found.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '该请求的记录写明了API引用的函数URN和版本。用 GET /pailou/v1/functions/{urn} 查看注册情况，用 PUT 同一路径重新注册，或修改API的后端后重新发布。',
      en: 'The record of the request names the function URN and version that the API refers to. Look it up with GET /pailou/v1/functions/{urn}; register it again with PUT on the same path, or change the backend of the API and publish again.',
    },
  },
  '0104': {
    code: 'APIG.0104',
    message: 'Plug-ins not found.',
    status: 400,
    responseType: 'DEFAULT_4XX',
    fault: 'gateway',
    meaning: { zh: '无法找到插件配置', en: 'The configuration of a plug-in cannot be found.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '该请求的记录写明了插件和它的类型。确认所有节点运行同一版本并启用了该类型；若不再需要，用 PUT apis/{api_id}/plugins/detach 解除绑定。网关不会跳过找不到的插件。',
      en: 'The record of the request names the plug-in and its type. Make sure that every node runs the same release with that type enabled; if it is no longer wanted, detach it with PUT apis/{api_id}/plugins/detach. A plug-in that cannot be found is never skipped.',
    },
  },
  '0105': {
    code: 'APIG.0105',
    message: 'Backend configurations not found.',
    status: 400,
    responseType: 'DEFAULT_4XX',
    fault: 'gateway',
    meaning: { zh: '无法找到后端配置', en: 'The configuration of the backend cannot be found.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '该请求的记录写明了缺少什么：若是 #变量#，用 POST env-variables 在该分组和环境中创建它；若没有匹配的策略后端且没有默认后端，给API加上默认后端并重新发布。',
      en: 'The record of the request says what is missing: a #variable# has to be created for this group and environment with POST env-variables; if no backend policy matched and there is no default backend, give the API one and publish again.',
    },
  },
  '0106': {
    code: 'APIG.0106',
    message: 'Orchestration error.',
    status: 400,
    responseType: 'REQUEST_PARAMETERS_FAILURE',
    specialTypes: ['ORCHESTRATION_PARAMETER_NOT_FOUND', 'ORCHESTRATION_FAILURE'],
    fault: 'caller',
    meaning: { zh: '编排错误', en: 'The parameters of the request cannot be turned into those of the backend.' },
    solution: {
      zh: '检查API配置的前后端参数是否合理',
      en: 'Check that the frontend and backend parameters of the API fit together.',
    },
    nextStep: {
      zh: '该请求的记录写明了参数名、位置以及没有通过的检查（必填、类型、枚举、范围或长度）。按要求发送该参数，或修改API的 req_params 后重新发布。',
      en: 'The record of the request names the parameter, its location and the check it failed (required, type, enumeration, range or length). Send a value that fits, or change req_params of the API and publish again.',
    },
  },
  '0201/400': {
    code: 'APIG.0201',
    message: 'Bad request.',
    status: 400,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: { zh: '请求格式不合法', en: 'The request is not well-formed.' },
    solution: { zh: '使用合法的请求', en: 'Send a well-formed request.' },
    nextStep: {
      zh: '日志中该请求的记录写明了违反的HTTP规则。用 curl -v 发送同样的请求：若成功，问题在客户端或中间的代理；也请检查是否把明文HTTP发到了HTTPS端口。',
      en: 'The record of the request says which rule of HTTP was broken. Send the same call with curl -v: if that succeeds, look at the client or at a proxy in between. Check also that plain HTTP was not sent to the HTTPS port.',
    },
  },
  '0201/413': {
    code: 'APIG.0201',
    message: 'Request entity too large.',
    status: 413,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: {
      zh: '请求body过大（大于12M）',
      en: 'The body of the request is too large (more than 12 MB).',
    },
    solution: { zh: '减小请求body大小', en: 'Send a smaller body.' },
    nextStep: {
      zh: '该请求的记录写明了收到的大小和上限。分片上传；运维人员可用 POST features 配置 request_body_size 提高上限（单位字节，默认12582912）。',
      en: 'The record of the request shows the size and the limit. Upload in parts; an operator can raise the limit with POST features, feature request_body_size (bytes, 12582912 by default).',
    },
  },
  '0201/414': {
    code: 'APIG.0201',
    message: 'Request URI too large.',
    status: 414,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: { zh: '请求URI过大', en: 'The URI of the request is too long.' },
    solution: { zh: '减小请求URI大小', en: 'Send a shorter URI.' },
    nextStep: {
      zh: '路径加查询参数按原始字节计最多32768字节。把过长的查询参数移到请求body中，并检查客户端是否在重复追加参数。',
      en: 'Path and query together may take 32768 bytes as sent. Move long query parameters into the body, and check that the client does not append the same parameter again and again.',
    },
  },
  '0201/494': {
    code: 'APIG.0201',
    message: 'Request headers too large.',
    status: 494,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: { zh: '请求头过大', en: 'The headers of the request are too large.' },
    solution: { zh: '减小请求头大小', en: 'Send smaller headers.' },
    nextStep: {
      zh: '单个请求头最多32 KB，全部请求头最多128 KB。该请求的记录写明了超出的是哪一项；最常见的原因是Cookie和令牌，请先检查它们。',
      en: 'One header line may take 32 KB and all of them 128 KB. The record of the request says which of the two limits was passed; look at cookies and tokens first, they are the usual cause.',
    },
  },
  '0201/503': {
    code: 'APIG.0201',
    message: 'Backend unavailable.',
    status: 503,
    responseType: 'BACKEND_UNAVAILABLE',
    fault: 'backend',
    meaning: { zh: '后端不可用', en: 'The backend is unavailable.' },
    solution: {
      zh: '检查API配置的后端地址是否可用',
      en: 'Check that the backend address of the API can be reached.',
    },
    nextStep: {
      zh: '该请求的记录写明了尝试的地址和错误（连接被拒绝、被重置、TLS失败或应答不合法）。在运行网关的机器上用 curl -v 访问该地址，并检查后端协议HTTP/HTTPS是否配置正确。',
      en: 'The record of the request shows the address that was tried and what went wrong (refused, reset, TLS, unreadable answer). Call that address with curl -v on the machine of the gateway, and check whether the backend speaks HTTP or HTTPS.',
    },
  },
  '0201/504': {
    code: 'APIG.0201',
    message: 'Backend timeout.',
    status: 504,
    responseType: 'BACKEND_TIMEOUT',
    fault: 'backend',
    meaning: { zh: '后端超时', en: 'The backend did not answer in time.' },
    solution: {
      zh: '增大超时时间或缩小后端的处理时间',
      en: 'Raise the timeout, or make the backend answer sooner.',
    },
    nextStep: {
      zh: '该请求的记录写明了超时值和等待停在哪一步（连接或等待应答头）。修改API的 backend_api.timeout（毫秒）并重新发布；超过60000需先配置特性 backend_timeout。',
      en: 'The record of the request shows the timeout and what was being waited for (connection or head of the answer). Change backend_api.timeout of the API (milliseconds) and publish again; more than 60000 needs the feature backend_timeout.',
    },
  },
  '0301': {
    code: 'APIG.0301',
    message: 'Incorrect IAM authentication information.',
    status: 401,
    responseType: 'AUTH_FAILURE',
    missingType: 'AUTH_HEADER_MISSING',
    fault: 'caller',
    meaning: { zh: 'IAM认证信息错误', en: 'The IAM authentication information is wrong.' },
    solution: { zh: '检查token是否正确', en: 'Check that the token is correct.' },
    nextStep: {
      zh: '该请求的记录写明了认证停在哪一步：没有凭据、令牌无法识别、AK未知或签名不一致。用 POST /v3/auth/tokens 取新令牌放入 X-Auth-Token 再试，或检查AK/SK和客户端时间。',
      en: 'The record of the request says how far authentication came: nothing sent, token not recognised, unknown AK, or signature differs. Try again with a token from POST /v3/auth/tokens in X-Auth-Token, or check AK, SK and the clock of the client.',
    },
  },
  '0302': {
    code: 'APIG.0302',
    message: 'IAM user not allowed to access the API.',
    status: 403,
    responseType: 'ACCESS_DENIED',
    fault: 'caller',
    meaning: { zh: 'IAM用户不允许访问API', en: 'The IAM user is not allowed to access the API.' },
    solution: {
      zh: '检查用户是否被黑白名单限制',
      en: 'Check whether a blacklist or whitelist restricts the user.',
    },
    nextStep: {
      zh: '用 GET acl-bindings/binded-acls?api_id= 列出该API的访问控制策略，查看 entity_type 为 DOMAIN 或 DOMAIN_ID 的那一条，并与该请求记录中的帐号比较。',
      en: 'List the access control policies of the API with GET acl-bindings/binded-acls?api_id= and compare the one whose entity_type is DOMAIN or DOMAIN_ID with the account in the record of the request.',
    },
  },
  '0303': {
    code: 'APIG.0303',
    message: 'Incorrect App authentication information.',
    status: 401,
    responseType: 'AUTH_FAILURE',
    missingType: 'AUTH_HEADER_MISSING',
    fault: 'caller',
    meaning: { zh: 'APP认证信息错误', en: 'The app authentication information is wrong.' },
    solution: {
      zh: '检查请求的方法、路径、查询参数、请求体和签名使用的方法、路径、查询参数、请求体是否一致；检查客户端机器时间是否正确。',
      en: 'Check that method, path, query parameters and body of the request are those that were signed. Check the clock of the client.',
    },
    nextStep: {
      zh: '该请求的记录写明了校验停在哪一步（请求头、AppKey、日期、已签名的头或签名）。若签名不一致，用 pailou sign --explain 打印规范请求，与记录中网关得到的规范请求逐行比较。',
      en: 'The record of the request says how far the check came (header, AppKey, date, signed headers, signature). If the signature differs, print the canonical request with pailou sign --explain and compare it line by line with the one in the record.',
    },
  },
  '0304': {
    code: 'APIG.0304',
    message: 'App not allowed to access the API.',
    status: 403,
    responseType: 'UNAUTHORIZED',
    fault: 'caller',
    meaning: { zh: 'APP不允许访问API', en: 'The app is not allowed to access the API.' },
    solution: {
      zh: '检查APP是否授权访问API',
      en: 'Check that the app is authorised to access the API.',
    },
    nextStep: {
      zh: '该请求的记录写明了应用、API和环境。用 GET app-auths/binded-apps?api_id= 查看已有授权，用 POST app-auths 在该环境中授权；授权按环境分别进行。',
      en: 'The record of the request names the app, the API and the environment. See who is authorised with GET app-auths/binded-apps?api_id= and authorise the app in that environment with POST app-auths; every environment needs its own.',
    },
  },
  '0305': {
    code: 'APIG.0305',
    message: 'Incorrect authentication information.',
    status: 401,
    responseType: 'AUTHORIZER_FAILURE',
    missingType: 'AUTHORIZER_IDENTITIES_FAILURE',
    fault: 'caller',
    meaning: { zh: '认证信息错误', en: 'The authentication information is wrong.' },
    solution: {
      zh: '检查认证信息是否正确',
      en: 'Check that the authentication information is correct.',
    },
    nextStep: {
      zh: '该请求的记录写明了自定义认证的名称，以及是函数返回了deny还是缺少某个身份来源。用 GET authorizers/{authorizer_id} 查看要求的身份来源，再查看认证函数自己的日志。',
      en: 'The record of the request names the custom authorizer and whether its function said deny or an identity source was missing. See which sources it wants with GET authorizers/{authorizer_id}, then read the log of the function.',
    },
  },
  '0306': {
    code: 'APIG.0306',
    message: 'API access denied.',
    status: 403,
    responseType: 'ACCESS_DENIED',
    fault: 'caller',
    meaning: { zh: '不允许访问API', en: 'Access to the API is denied.' },
    solution: {
      zh: '检查是否授权访问API',
      en: 'Check that access to the API has been granted.',
    },
    nextStep: {
      zh: '身份有效，但无权访问此API。该请求的记录写明了帐号和所违反的规则：私有API（type为2）只对所属帐号开放；换用该帐号调用，或把API的 type 改为1并重新发布。',
      en: 'The identity is genuine but has no right to this API. The record of the request names the account and the rule: a private API (type 2) is open to the account that owns it; call with that account, or set type to 1 and publish again.',
    },
  },
  '0307': {
    code: 'APIG.0307',
    message: 'Token update required.',
    status: 403,
    responseType: 'AUTH_FAILURE',
    fault: 'caller',
    meaning: { zh: 'token需要更新', en: 'The token has to be renewed.' },
    solution: { zh: 'token需要更新', en: 'Renew the token.' },
    nextStep: {
      zh: '令牌真实但已过期或已被吊销（例如修改过密码）。用 POST /v3/auth/tokens 取新令牌；客户端应在响应的 expires_at 之前更新，并在收到此错误码时丢弃缓存的令牌。',
      en: 'The token is genuine but expired or revoked, for example by a change of password. Get a new one with POST /v3/auth/tokens; a client should renew it before expires_at and drop its cached token when it meets this code.',
    },
  },
  '0308': {
    code: 'APIG.0308',
    message: 'Throttling threshold reached.',
    status: 429,
    responseType: 'THROTTLED',
    fault: 'caller',
    meaning: { zh: '超出流控值限制', en: 'A throttling limit has been reached.' },
    solution: {
      zh: '等待流控刷新后访问',
      en: 'Call again when the throttling period is over.',
    },
    nextStep: {
      zh: '该请求的记录写明了哪个计数器、上限和周期。带 X-Apig-Mode: debug 调用可在 X-Apig-RateLimit-* 头中看到剩余次数；未绑定策略时生效的是默认每API每秒200次（特性 ratelimit）。',
      en: 'The record of the request names the counter, its limit and its period. Calls with X-Apig-Mode: debug show what remains in the X-Apig-RateLimit-* headers; without a policy the default of 200 calls a second for each API holds (feature ratelimit).',
    },
  },
  '0401': {
    code: 'APIG.0401',
    message: 'Unknown client IP address.',
    status: 403,
    responseType: 'ACCESS_DENIED',
    fault: 'caller',
    meaning: { zh: '无法识别客户端IP地址', en: 'The IP address of the client cannot be recognised.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '该请求的记录写明了地址从哪里读取以及读到了什么。检查前面的代理是否发送该请求头，并用 GET features 核对 real_ip_from_xff（xff_index）或 real_ip_header_getter 的配置。',
      en: 'The record of the request says where the address was read and what stood there. Check that the proxy in front sends that header, and compare with the features real_ip_from_xff (xff_index) and real_ip_header_getter in GET features.',
    },
  },
  '0402': {
    code: 'APIG.0402',
    message: 'IP address not allowed to access the API.',
    status: 403,
    responseType: 'ACCESS_DENIED',
    fault: 'caller',
    meaning: { zh: 'IP地址不允许访问', en: 'The IP address is not allowed to access the API.' },
    solution: {
      zh: '检查IP地址是否被黑白名单限制',
      en: 'Check whether a blacklist or whitelist restricts the IP address.',
    },
    nextStep: {
      zh: '该请求的记录写明了网关看到的地址和拒绝它的策略。用 GET acl-bindings/binded-acls?api_id= 和 GET apps/{app_id}/app-acl 核对；若看到的是代理的地址，开启特性 real_ip_from_xff。',
      en: 'The record of the request shows the address as the gateway saw it and the policy that refused it. Compare with GET acl-bindings/binded-acls?api_id= and GET apps/{app_id}/app-acl; if it is the address of a proxy, turn on the feature real_ip_from_xff.',
    },
  },
  '0404': {
    code: 'APIG.0404',
    message: 'Backend IP address denied.',
    status: 403,
    responseType: 'ACCESS_DENIED',
    fault: 'gateway',
    meaning: { zh: '后端IP不允许访问', en: 'The IP address of the backend is not allowed.' },
    solution: {
      zh: '后端IP地址或后端域名对应的IP地址不允许访问',
      en: 'The IP address of the backend, or the one to which its domain name resolves, must not be accessed. Use another.',
    },
    nextStep: {
      zh: '该请求的记录写明了解析得到的地址和它落入的网段。用 GET restriction 查看禁止的网段；若后端域名解析错了，修正DNS；否则换用允许的地址并重新发布。',
      en: 'The record of the request shows the resolved address and the range it lies in; GET restriction lists the denied ranges. If the name of the backend resolves wrongly, correct the DNS; else use an address that is allowed and publish again.',
    },
  },
  '0501': {
    code: 'APIG.0501',
    message: 'App quota used up.',
    status: 405,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: { zh: 'APP已经超出配额', en: 'The quota of the app is used up.' },
    solution: { zh: '购买APP配额', en: 'Buy a larger quota for the app.' },
    nextStep: {
      zh: '用 GET apps/{app_id}/bound-quota 查看配额和周期。等待下一个周期，或用 PUT app-quotas/{app_quota_id} 提高 call_limits；自建网关无需购买。',
      en: 'GET apps/{app_id}/bound-quota shows the quota and its cycle. Wait for the next cycle, or raise call_limits with PUT app-quotas/{app_quota_id}; on a gateway of your own there is nothing to buy.',
    },
  },
  '0502': {
    code: 'APIG.0502',
    message: 'Frozen App.',
    status: 405,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: { zh: 'APP被冻结', en: 'The app is frozen.' },
    solution: { zh: '余额不足', en: 'The balance of the account is not sufficient.' },
    nextStep: {
      zh: '管理员冻结了此应用。问清原因后用 POST /pailou/v1/apps/{app_id}/unfreeze 解冻，立即生效，无需重新发布。',
      en: 'An administrator froze this app. Once the reason is settled, POST /pailou/v1/apps/{app_id}/unfreeze lets it in again at once, without publishing anything.',
    },
  },
  '0601': {
    code: 'APIG.0601',
    message: 'Internal server error.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    specialTypes: ['AUTHORIZER_CONF_FAILURE'],
    fault: 'gateway',
    meaning: { zh: '内部错误', en: 'An internal error.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '按 request_id 在日志中找到该请求，里面有错误原因。若原因是自定义认证函数，请直接调用该函数，检查它返回200、合法的JSON且不超过1 MB；否则把该行日志附在缺陷报告中。',
      en: 'Find the line with this request_id in the log, it carries the cause. If that is a custom authorizer, call its function yourself: it has to answer 200 with valid JSON of at most 1 MB. Else file a bug report with that line.',
    },
  },
  '0602': {
    code: 'APIG.0602',
    message: 'Bad request.',
    status: 400,
    responseType: 'REQUEST_PARAMETERS_FAILURE',
    fault: 'caller',
    meaning: { zh: '非法请求', en: 'The request is not legal.' },
    solution: { zh: '检查请求是否合法', en: 'Check that the request is legal.' },
    nextStep: {
      zh: '该请求的记录写明了不合法的部分，例如无法解码的百分号编码、多个Host头、TRACE方法或越过根目录的路径。按记录修正客户端；网关不会猜测请求的含义。',
      en: 'The record of the request names what is illegal, such as percent-encoding that cannot be decoded, several Host headers, the method TRACE or a path that climbs above the root. Correct that in the client; the gateway does not guess what was meant.',
    },
  },
  '0605': {
    code: 'APIG.0605',
    message: 'Domain name resolution failed.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'backend',
    meaning: { zh: '域名解析失败', en: 'A domain name could not be resolved.' },
    solution: {
      zh: '检查域名拼写，以及域名是否绑定了正确的后端地址',
      en: 'Check the spelling of the domain name, and that it is bound to the right backend address.',
    },
    nextStep: {
      zh: '该请求的记录写明了域名和解析器的错误。在运行网关的机器或容器内用 nslookup 查询该域名，并检查 /etc/resolv.conf 和 /etc/hosts。',
      en: 'The record of the request shows the name and the error of the resolver. Look the name up with nslookup on the machine or in the container of the gateway, and check /etc/resolv.conf and /etc/hosts there.',
    },
  },
  '0606': {
    code: 'APIG.0606',
    message: 'API configurations not loaded.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'gateway',
    meaning: { zh: '未加载API配置', en: 'The configuration of the APIs is not loaded.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '用 GET /health/ready 查看原因。检查 PAILOU_DATA_DIR 是否存在且可写，或 PAILOU_DATABASE_URL 指向的数据库能否连接；存储恢复后网关会自行加载，无需重启。',
      en: 'GET /health/ready on the admin port gives the reason. Check that PAILOU_DATA_DIR exists and can be written, or that the database of PAILOU_DATABASE_URL can be reached; once the store is back the gateway loads by itself.',
    },
  },
  '0607': {
    code: 'APIG.0607',
    message: 'Unsupported protocol. Supported protocol: {xxx}',
    status: 400,
    responseType: 'DEFAULT_4XX',
    fault: 'caller',
    meaning: {
      zh: '协议不被允许，允许的协议是xxx。 注意：xxx以实际响应中的内容为准。',
      en: 'The protocol is not allowed; the allowed one is xxx. Note: xxx is what stands in the actual answer.',
    },
    solution: {
      zh: '改用支持的协议（HTTP/HTTPS）访问',
      en: 'Use a protocol that is supported (HTTP or HTTPS).',
    },
    nextStep: {
      zh: '改用错误信息中的协议和对应端口（默认HTTP为8000，HTTPS为8443）；要两种都支持，把API的 req_protocol 改为 BOTH 并重新发布。AppCode认证只能通过HTTPS使用。',
      en: 'Use the protocol that the message names, and its port (8000 for HTTP and 8443 for HTTPS by default). To allow both, set req_protocol of the API to BOTH and publish again. AppCode works over HTTPS only.',
    },
  },
  '0608': {
    code: 'APIG.0608',
    message: 'Failed to obtain admin token.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'gateway',
    meaning: { zh: '无法获取管理帐户', en: 'The administrator account of the gateway could not be obtained.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '网关为校验调用者的令牌，需要用自己的帐号向身份服务取令牌而未成功。该请求的记录写明了身份服务的地址和应答；检查网关配置的用户名、密码以及到该地址的网络。',
      en: 'To check the token of a caller the gateway needs one of its own from the identity service, and got none. The record of the request shows the address and the answer of that service; check the user name and password configured for the gateway, and the network to that address.',
    },
  },
  '0609': {
    code: 'APIG.0609',
    message: 'VPC backend not found.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'gateway',
    meaning: { zh: '找不到vpc后端', en: 'The VPC channel of the backend cannot be found.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '已发布的版本引用了已删除的VPC通道，该请求的记录写明了通道ID，常见于回滚到旧版本之后。用 GET vpc-channels 查看现有通道，把API改用其中之一并重新发布。',
      en: 'The published version refers to a VPC channel that was deleted; the record of the request shows its id. This happens after switching back to an old version. See what channels exist with GET vpc-channels, point the API to one of them and publish again.',
    },
  },
  '0610': {
    code: 'APIG.0610',
    message: 'No backend available.',
    status: 502,
    responseType: 'BACKEND_UNAVAILABLE',
    fault: 'backend',
    meaning: { zh: '没有可连接的后端', en: 'There is no backend to connect to.' },
    solution: { zh: '检查所有后端是否可用', en: 'Check that all backends are available.' },
    nextStep: {
      zh: '用 GET vpc-channels/{vpc_channel_id}/members 查看每个成员的 health_status、status 和 weight。该请求的记录写明了每个成员被排除的原因和最近一次健康检查的结果。',
      en: 'GET vpc-channels/{vpc_channel_id}/members shows health_status, status and weight of each member; the record of the request says why each was left out and how its last health check ended.',
    },
  },
  '0611': {
    code: 'APIG.0611',
    message: 'Backend port not found.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'gateway',
    meaning: { zh: '后端端口未找到', en: 'The port of the backend cannot be found.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '该请求的记录写明了变量替换之后的地址。把作为端口的环境变量改为1至65535之间的整数（PUT env-variables/{env_variable_id}），或给通道和成员设置端口。',
      en: 'The record of the request shows the address after its variables were filled in. Set the environment variable that stands for the port to an integer from 1 to 65535 (PUT env-variables/{env_variable_id}), or give the channel and its members a port.',
    },
  },
  '0612': {
    code: 'APIG.0612',
    message: 'An API cannot call itself.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'gateway',
    meaning: { zh: 'API调用自身', en: 'The API calls itself.' },
    solution: {
      zh: '修改API后端配置，递归调用层数不能超过10层。',
      en: 'Change the backend of the API; a call may come back to the gateway no more than 10 times.',
    },
    nextStep: {
      zh: '该请求的记录写明了层数和后端地址。把后端地址改为真正的服务而不是网关自己的域名或端口，并检查后端是否把请求重新转发回网关，然后重新发布。',
      en: 'The record of the request shows the depth and the address of the backend. Point the backend to the real service instead of a host or port of the gateway, check that the service does not send the request back, and publish again.',
    },
  },
  '0705': {
    code: 'APIG.0705',
    message: 'Backend signature calculation failed.',
    status: 500,
    responseType: 'DEFAULT_5XX',
    fault: 'gateway',
    meaning: { zh: '计算后端签名失败', en: 'The signature for the backend could not be computed.' },
    solution: { zh: '联系技术支持', en: 'Contact technical support.' },
    nextStep: {
      zh: '用 GET sign-bindings/binded-signs?api_id= 找到绑定的签名密钥，检查密钥长度和格式是否符合其类型（aes-128-cfb为16个字符，aes-256-cfb为32个字符，public_key为PEM），再用 PUT signs/{sign_id} 更正。',
      en: 'Find the bound signature key with GET sign-bindings/binded-signs?api_id= and check that its length and form fit its type (16 characters for aes-128-cfb, 32 for aes-256-cfb, PEM for public_key), then correct it with PUT signs/{sign_id}.',
    },
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorRow = keyof typeof errors

export const errorRows = Object.keys(errors) as ErrorRow[]

/** The rows of a code, `APIG.0201` or `0201`, or the one row of a key such as `0201/413`. Empty when there is none. */
export function rowsOf(codeOrRow: string): ErrorRow[] {
  const asked = codeOrRow.replace(/^APIG\./, '')
  return errorRows.filter(row => row === asked || row.split('/', 1)[0] === asked)
}

/** The message of a row as it is sent. `values` fill its placeholders: 0607 takes `{ xxx: 'HTTPS' }`. */
export function errorMessage(row: ErrorRow, values: Readonly<Record<string, string>> = {}): string {
  return errors[row].message.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder)
}
