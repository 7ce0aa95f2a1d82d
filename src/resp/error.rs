//! The errors that clients get, with Redis's exact texts: all that several commands share, and most of the others. What one
//! command alone says stands with it.
//!
//! The first word of a text is its code. `ERR` is the generic one; a dialect may write another in its place
//! (see [`crate::resp::dialect::Dialect`]).

use std::borrow::Cow;

/// An error reply. Handlers return it with `?`; the engine drops a half-written reply and sends the text.
#[derive(Debug, Clone)]
pub enum Error {
    /// `wrong number of arguments for 'config|get' command`, with the title of the command.
    Arity(&'static str),
    /// `invalid expire time in 'set' command`
    ExpireTime(&'static str),
    /// A text that quotes what the client sent, code included; made with [`Error::quoting`].
    Own(Vec<u8>),
    /// The error that ended a script, which was counted where it came from.
    Told(Vec<u8>),
    /// One of the fixed texts below.
    Fixed(&'static str),
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        #[allow(non_upper_case_globals)] // they are used like the variants they stand beside: Error::Syntax
        impl Error {
            $($(#[$doc])* pub const $name: Error = Error::Fixed($text);)*
        }
    };
}

texts! {
    Syntax = "ERR syntax error";
    WrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";
    EnxAlone = "ERR ENX flag requires an expiration";
    IncrementNotInteger = "ERR Increment is not an integer or out of range";
    IncrementNotFloat = "ERR Increment is not a valid float";
    IncrementInfinite = "ERR BYFLOAT increment cannot be Infinity";
    LowerNotInteger = "ERR LBOUND is not an integer or out of range";
    LowerNotFloat = "ERR LBOUND is not a valid float";
    UpperNotInteger = "ERR UBOUND is not an integer or out of range";
    UpperNotFloat = "ERR UBOUND is not a valid float";
    BoundsCrossed = "ERR LBOUND can't be greater than UBOUND";
    ValueInfinite = "ERR value cannot be Infinity";
    AppliedOverflow = "ERR applied increment would overflow";
    FieldTwice = "ERR duplicate field name in fieldset";
    FieldSets = "ERR too many fieldsets";
    NoFieldSet = "ERR no such fieldset";
    FieldSetValues = "ERR value count does not match the number of fields in the fieldset";
    DigestLength = "ERR must be exactly 16 hexadecimal characters";
    DelexCondition = "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE";
    DelexType = "ERR Key should be of string type if conditions are specified";
    NumKeysInvalid = "ERR invalid numkeys value";
    NumKeysOrRange = "ERR invalid numkeys value or out of range";
    PairCount = "ERR wrong number of key-value pairs";
    NotInteger = "ERR value is not an integer or out of range";
    NotFloat = "ERR value is not a valid float";
    OutOfRange = "ERR value is out of range";
    Overflow = "ERR increment or decrement would overflow";
    DecrOverflow = "ERR decrement would overflow";
    NanOrInfinity = "ERR increment would produce NaN or Infinity";
    Offset = "ERR offset is out of range";
    BitOffset = "ERR bit offset is not an integer or out of range";
    BitValue = "ERR bit is not an integer or out of range";
    BitArgument = "ERR The bit argument must be 1 or 0.";
    BitopNot = "ERR BITOP NOT must be called with a single source key.";
    BitfieldType = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.";
    OverflowType = "ERR Invalid OVERFLOW type specified";
    BitfieldRo = "ERR BITFIELD_RO only supports the GET subcommand";
    TooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
    IndexOutOfRange = "ERR index out of range";
    NotPositive = "ERR value is out of range, must be positive";
    CountPositive = "ERR count should be greater than 0";
    NumKeys = "ERR numkeys should be greater than 0";
    TooManyKeys = "ERR Number of keys can't be greater than number of args";
    LimitNegative = "ERR LIMIT can't be negative";
    ScoreNan = "ERR resulting score is not a number (NaN)";
    ScoreRange = "ERR min or max is not a float";
    LexRange = "ERR min or max not valid string range item";
    RangeLimit = "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX";
    RangeScores = "ERR syntax error, WITHSCORES not supported in combination with BYLEX";
    AddNxAndXx = "ERR XX and NX options at the same time are not compatible";
    AddConditions = "ERR GT, LT, and/or NX options at the same time are not compatible";
    IncrSinglePair = "ERR INCR option supports a single increment-element pair";
    Unit = "ERR unsupported unit provided. please use M, KM, FT, MI";
    RadiusNotNumeric = "ERR need numeric radius";
    RadiusNegative = "ERR radius cannot be negative";
    WidthNotNumeric = "ERR need numeric width";
    HeightNotNumeric = "ERR need numeric height";
    SizeNegative = "ERR height or width cannot be negative";
    NoPlace = "ERR could not decode requested zset member";
    GeoCount = "ERR COUNT must be > 0";
    AnyWithoutCount = "ERR the ANY argument requires COUNT argument";
    Corners = "ERR invalid number of vertices";
    CornersFew = "ERR GEOSEARCH BYPOLYGON must have at least 3 vertices";
    SearchStoreWith = "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options";
    RadiusStoreWith = "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options";
    WeightNotFloat = "ERR weight value is not a float";
    SortWeight = "ERR One or more scores can't be converted into double";
    RankZero = "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";
    CountNegative = "ERR COUNT can't be negative";
    MaxLenNegative = "ERR MAXLEN can't be negative";
    NoSuchKey = "ERR no such key";
    LcsTypes = "ERR The specified keys must contain string values";
    LcsMemory = "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";
    SameObject = "ERR source and destination objects are the same";
    DbIndex = "ERR DB index is out of range";
    FirstDb = "ERR invalid first DB index";
    SecondDb = "ERR invalid second DB index";
    Cursor = "ERR invalid cursor";
    HashNotInteger = "ERR hash value is not an integer";
    HashNotFloat = "ERR hash value is not a float";
    NotFinite = "ERR value is NaN or Infinity";
    NegativeExpire = "ERR invalid expire time, must be >= 0";
    NoFields = "ERR Mandatory argument FIELDS is missing or not at the right position";
    FieldCount = "ERR The `numfields` parameter must match the number of arguments";
    FieldsNotAsSaid = "ERR numfields should be greater than 0 and match the provided number of fields";
    FieldsPositive = "ERR Number of fields must be a positive integer";
    FieldsGreater = "ERR Parameter `numFields` should be greater than 0";
    FieldsInvalid = "ERR invalid number of fields";
    FieldsShort = "ERR wrong number of arguments";
    FieldsTwice = "ERR FIELDS keyword specified multiple times";
    FieldsMissing = "ERR missing FIELDS argument";
    FieldsWithoutAny = "ERR FIELDS requires at least numfields and one field argument";
    ConditionTwice = "ERR Multiple condition flags specified";
    NoExpireTime = "ERR missing expire time";
    /// A word that another command of the kind has.
    UnknownArgument = "ERR unknown argument";
    OneCondition = "ERR Only one of FXX or FNX arguments can be specified";
    OneExpiration = "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified";
    OneExpirationOrPersist = "ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified";
    RandomCount = "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807";
    LcsLenAndIdx = "ERR If you want both the length and indexes, please just use IDX.";
    ExpireNxAndOthers = "ERR NX and XX, GT or LT options at the same time are not compatible";
    ExpireGtAndLt = "ERR GT and LT options at the same time are not compatible";
    NoLfu = "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.";
    Lfu = "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.";
    NoAuth = "NOAUTH Authentication required.";
    HelloNoAuth = "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time";
    WrongPass = "WRONGPASS invalid username-password pair or user is disabled.";
    AuthWithoutPassword = "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?";
    NoProto = "NOPROTO unsupported protocol version";
    ProtoNotInteger = "ERR Protocol version is not an integer or out of range";
    /// Of a session that was opened with a bound for its replies, or where memory ends there.
    ReplyTooLong = "ERR the reply is longer than this session may be given, or than there is memory for";
    /// Redis closes a connection whose replies pass its limit. In process there is nothing to close.
    NoRoomForReply = "OOM the command has done its work, but there is no memory left for its reply";
    OutOfMemory = "OOM command not allowed when used memory > 'maxmemory'.";
    Loading = "LOADING Redis is loading the dataset in memory";
    NoSuchClient = "ERR No such client";
    NoConfigFile = "ERR The server is running without a config file";
    MaxAgePositive = "ERR maxage should be greater than 0";
    NoValues = "ERR NOVALUES option can only be used in HSCAN";
    NoScores = "ERR NOSCORES option can only be used in ZSCAN";
    IntRange = "ERR value is out of range, value must between -2147483648 and 2147483647";
    ClientId = "ERR client-id should be greater than 0";
    InvalidClientId = "ERR Invalid client ID";
    ClientName = "ERR Client names cannot contain spaces, newlines or special characters.";
    MaxAge = "ERR maxage is not an integer or out of range";
    InvalidCommandSpecified = "ERR Invalid command specified";
    NoKeyArguments = "ERR The command has no key arguments";
    InvalidArguments = "ERR Invalid arguments specified for command";
    InvalidArgumentCount = "ERR Invalid number of arguments specified for command";
    TimeoutNotFloat = "ERR timeout is not a float or out of range";
    TimeoutNegative = "ERR timeout is negative";
    TimeoutRange = "ERR timeout is out of range";
    Unblocked = "UNBLOCKED client unblocked via CLIENT UNBLOCK";
    NoScript = "ERR This Redis command is not allowed from script";
    NoMatchingScript = "NOSCRIPT No matching script. Please use EVAL.";
    ScriptUnknown = "ERR Unknown Redis command called from script";
    ScriptArity = "ERR Wrong number of args calling Redis command from script";
    ScriptReadonly = "ERR Write commands are not allowed from read-only scripts.";
    BusyScript = "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
    BusyFunction = "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.";
    NotBusy = "NOTBUSY No scripts in execution right now.";
    Unkillable = "UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.";
    NotInMulti = "ERR Command not allowed inside a transaction";
    ExecAbort = "EXECABORT Transaction discarded because of previous errors.";
    ExecWithoutMulti = "ERR EXEC without MULTI";
    DiscardWithoutMulti = "ERR DISCARD without MULTI";
    NestedMulti = "ERR MULTI calls can not be nested";
    WatchInMulti = "ERR WATCH inside MULTI is not allowed";
    DenyBlocking = "ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client";
    UnblockReason = "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR";
    StreamId = "ERR Invalid stream ID specified as stream command argument";
    SortByStrays = "ERR BY option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.";
    SortGetStrays = "ERR GET option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.";
    StreamIdZero = "ERR The ID specified in XADD must be greater than 0-0";
    StreamIdSmall = "ERR The ID specified in XADD is equal or smaller than the target stream top item";
    StreamExhausted = "ERR The stream has exhausted the last possible ID, unable to add more items";
    StreamTooLarge = "ERR Elements are too large to be stored";
    StreamStart = "ERR invalid start ID for the interval";
    StreamEnd = "ERR invalid end ID for the interval";
    TrimLenNegative = "ERR The MAXLEN argument must be >= 0.";
    TrimLimitNegative = "ERR The LIMIT argument must be >= 0.";
    TwoTrims = "ERR syntax error, MAXLEN and MINID options at the same time are not compatible";
    LimitAlone = "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy";
    LimitExact = "ERR syntax error, LIMIT cannot be used without the special ~ option";
    NumIds = "ERR Number of IDs must be a positive integer";
    NumIdsMismatch = "ERR The `numids` parameter must match the number of arguments";
    IdmpTwice = "ERR syntax error, IDMP/IDMPAUTO specified multiple times";
    IdmpGivenId = "ERR syntax error, IDMP/IDMPAUTO can be used only with auto-generated IDs";
    IdmpDuration = "ERR IDMP-DURATION must be between 1 and 86400 seconds";
    IdmpMaxSize = "ERR IDMP-MAXSIZE must be between 1 and 10000 entries";
    IdmpDurationTwice = "ERR IDMP-DURATION specified multiple times";
    IdmpMaxSizeTwice = "ERR IDMP-MAXSIZE specified multiple times";
    IdmpNothing = "ERR At least one parameter must be specified";
    IdmpRecorded = "ERR IID already exists for this producer with a different stream ID";
    IdmpNoEntry = "ERR No such message in stream";
    ProducerEmpty = "ERR producer ID must be non-empty";
    MessageEmpty = "ERR idempotent ID must be non-empty";
    IdmpProducerEmpty = "ERR syntax error, IDMP requires a non-empty producer ID";
    IdmpMessageEmpty = "ERR syntax error, IDMP requires a non-empty idempotent ID";
    IdmpAutoProducerEmpty = "ERR syntax error, IDMPAUTO requires a non-empty producer ID";
    EntriesAdded = "ERR entries_added must be positive";
    SetIdBelowGiven = "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id";
    SetIdBelowDeleted = "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id";
    SetIdBelowTop = "ERR The ID specified in XSETID is smaller than the target stream top item";
    EntriesAddedSmall = "ERR The entries_added specified in XSETID is smaller than the target stream length";
    TimeoutNotInteger = "ERR timeout is not an integer or out of range";
    XreadUnbalanced = "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.";
    XreadUnbalancedValkey = "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified.";
    XreadGroupUnbalanced = "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified.";
    XreadGroup = "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.";
    XreadNoAck = "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.";
    XreadClaim = "ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.";
    MinIdleNegative = "ERR min-idle-time must be a positive integer";
    MinIdleNotInteger = "ERR min-idle-time is not an integer or out of range";
    MaxCount = "ERR MAXCOUNT must be a positive integer";
    MaxCountBelow = "ERR MAXCOUNT must not be less than COUNT";
    MaxSize = "ERR MAXSIZE must be a positive integer";
    NackMode = "ERR mode must be SILENT, FAIL, or FATAL";
    NackRetry = "ERR Invalid RETRYCOUNT value, must be >= 0";
    NackNumIds = "ERR numids must be a positive integer";
    NackNumIdsMismatch = "ERR number of IDs doesn't match numids";
    XreadNew = "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.";
    NoGroupOption = "ERR Missing GROUP option for XREADGROUP";
    GroupDollar = "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.";
    GroupPlus = "ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just return an empty result set.";
    GroupNoKey = "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.";
    GroupExists = "BUSYGROUP Consumer Group name already exists";
    EntriesRead = "ERR value for ENTRIESREAD must be positive or -1";
    ClaimIdle = "ERR Invalid IDLE option argument for XCLAIM";
    ClaimTime = "ERR Invalid TIME option argument for XCLAIM";
    ClaimRetry = "ERR Invalid RETRYCOUNT option argument for XCLAIM";
    ClaimMinIdle = "ERR Invalid min-idle-time argument for XCLAIM";
    AutoclaimMinIdle = "ERR Invalid min-idle-time argument for XAUTOCLAIM";
    AutoclaimCount = "ERR COUNT must be > 0";
    AutoclaimMemory = "ERR Insufficient memory, failed allocating transient memory, COUNT too high.";
    NotHll = "WRONGTYPE Key is not a valid HyperLogLog string value.";
    CorruptedHll = "INVALIDOBJ Corrupted HLL object detected";
    NoSuchHll = "ERR The specified key does not exist";
    NotSparse = "ERR HLL encoding is not sparse";
    DebugRefused = "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.";
    OnOrOff = "ERR Argument must be ON or OFF";
    Frame = "ERR Protocol error: malformed frame";
}

impl Error {
    /// An error made of parts, some of which came from the client: bytes that are not text stay as they are.
    pub fn quoting(parts: &[&[u8]]) -> Error {
        Error::Own(parts.concat())
    }

    /// The text as it is sent, from the code on, without the leading `-`.
    pub fn text(&self) -> Cow<'_, [u8]> {
        let about = |before: &str, name: &str| format!("{before} '{}' command", full_name(name)).into_bytes().into();
        match self {
            Error::Arity(name) => about("ERR wrong number of arguments for", name),
            Error::ExpireTime(name) => about("ERR invalid expire time in", name),
            Error::Own(text) | Error::Told(text) => text.into(),
            Error::Fixed(text) => text.as_bytes().into(),
        }
    }
}

/// The name of a command as errors and COMMAND INFO have it, from its title: `GET` is `get`, `CONFIG GET` `config|get`.
pub fn full_name(title: &str) -> String {
    title.to_ascii_lowercase().replace(' ', "|")
}

/// The part of a client's bytes that an error quotes: at most `limit` of them, up to a zero byte.
pub fn quoted(bytes: &[u8], limit: usize) -> &[u8] {
    let bytes = bytes.split(|&b| b == 0).next().unwrap_or_default();
    &bytes[..bytes.len().min(limit)]
}
