//! Facts that a server answered.

use crate::lua::tests::is;

fn fails(call: &str, expected: &str) {
    is(call, &format!("user_script:1: {expected}"));
}

/// A fresh instance, set so, is `c`.
fn with(settings: &str, expression: &str, expected: &str) {
    is(&format!("(function() local c = cjson.new() {settings} return {expression} end)()"), expected);
}

/// Here and below, what Redis 8.6.3 answers.
#[test]
fn values_are_encoded() {
    is(
        "cjson.encode({1, {}, 'x', true, cjson.null}), cjson.encode({a = 1}), cjson.encode(nil)",
        r#"[1,{},"x",true,null]|{"a":1}|null"#,
    );
    is(r#"cjson.encode('"\\/\b\f\n\r\t\0\31\127')"#, r#""\"\\\/\b\f\n\r\t\u0000\u001f\u007f""#);
    is(
        "cjson.encode({1e15, 0.1, 1/3, 12345678901234, 0*-1, 1e-7})",
        "[1e+15,0.1,0.33333333333333,12345678901234,-0,1e-07]",
    );
    is(
        "cjson.encode({[1.5] = 1}), cjson.encode({[0] = 1}), cjson.encode({[2^53] = 1})",
        r#"{"1.5":1}|{"0":1}|{"9.007199254741e+15":1}"#,
    );
    is("cjson.encode({[1] = 1, [3] = 3}), cjson.encode({[2^31] = 1, [1] = 2})", "[1,null,3]|[2]");
    is("cjson.encode({1, 2, 3, 4, 5, 6, [14] = 1})", "[1,2,3,4,5,6,null,null,null,null,null,null,null,1]");
}

#[test]
fn what_json_has_not_is_refused() {
    fails("cjson.encode({1, 2, 3, [13] = 1})", "Cannot serialise table: excessively sparse array");
    fails("cjson.encode(1/0)", "Cannot serialise number: must not be NaN or Inf");
    fails("cjson.encode(tostring)", "Cannot serialise function: type not supported");
    fails("cjson.encode({[true] = 1})", "Cannot serialise boolean: table key must be a number or string");
    fails("cjson.encode(1, 2)", "bad argument #1 to 'encode' (expected 1 argument)");
    fails(
        "(function() local t = {} t[1] = t return cjson.encode(t) end)()",
        "Cannot serialise, excessive nesting (1001)",
    );
}

#[test]
fn texts_are_decoded() {
    is(
        "cjson.decode('[1,[2,{\"a\":\"x\"}]]')[2][2].a, cjson.decode(' null ') == cjson.null, cjson.decode('\"\\\\ud83d\\\\ude00\"') == '😀'",
        "x|true|true",
    );
    is(
        "cjson.decode('0x10'), cjson.decode('-inf'), cjson.decode('0123'), cjson.decode('1e400'), cjson.decode('+1')",
        "16|-inf|123|inf|1",
    );
    for (text, expected) in [
        ("", "value but found T_END at character 1"),
        ("[1,]", "value but found T_ARR_END at character 4"),
        ("[1 2]", "comma or array end but found T_NUMBER at character 4"),
        ("{1:2}", "object key string but found T_NUMBER at character 2"),
        ("{\"a\" 1}", "colon but found T_NUMBER at character 6"),
        ("{\"a\":1]", "comma or object end but found T_ARR_END at character 7"),
        ("1 x", "the end but found invalid token at character 3"),
        ("-", "value but found invalid number at character 1"),
        ("\"abc", "value but found unexpected end of string at character 5"),
        ("\"a\\\\x\"", "value but found invalid escape code at character 3"),
        ("\"\\\\ud800\\\\u0041\"", "value but found invalid unicode escape code at character 2"),
    ] {
        fails(&format!("cjson.decode('{text}')"), &format!("Expected {expected}"));
    }
    fails("cjson.decode('{\\0')", "JSON parser does not support UTF-16 or UTF-32");
    fails("cjson.decode(('['):rep(1001))", "Found too many nested data structures (1001) at character 1001");
}

#[test]
fn settings_belong_to_an_instance() {
    with(
        "c.encode_max_depth(3)",
        "c.encode_max_depth(), c.new().encode_max_depth(), cjson.encode_max_depth()",
        "3|1000|1000",
    );
    with("c.encode_sparse_array(true)", "c.encode({[100] = 1})", r#"{"100":1}"#);
    with("c.encode_number_precision(3)", "c.encode({[1234.5] = 123456})", r#"{"1.23e+03":1.23e+05}"#);
    with("c.encode_invalid_numbers(true)", "c.encode({1/0, -1/0, 0/0})", "[inf,-inf,nan]");
    with("", "c.encode_invalid_numbers('null'), c.encode({1/0})", "null|[null]");
    with(
        "c.decode_array_with_array_mt(true)",
        "c.encode(c.decode('[[],{}]')), getmetatable(c.decode('[]')).__is_cjson_array",
        "[[],{}]|true",
    );
    with(
        "c.decode_invalid_numbers(false)",
        "pcall(c.decode, '-0x1')",
        "false|Expected value but found invalid number at character 1",
    );
    with(
        "",
        "pcall(c.encode_sparse_array, true, 1, -2)",
        "false|bad argument #1 to '?' (expected integer between 0 and 2147483647)",
    );
    with("", "pcall(c.encode_keep_buffer, 1, 2)", "false|bad argument #2 to '?' (found too many arguments)");
}

#[test]
fn depth_ends_where_the_stack_does() {
    let with_depth = |lua: &str, n: i32, expected: &str| {
        with("c.encode_max_depth(1e5) c.decode_max_depth(1e5)", &format!("(function(n) {lua} end)({n})"), expected);
    };
    let encode = "local t = {} for _ = 2, n do t = {t} end return (select(2, pcall(c.encode, t))):sub(-12)";
    with_depth(encode, 7997, "]]]]]]]]]]]]");
    with_depth(encode, 7998, "sting (7998)");
    let decode = "local ok, e = pcall(c.decode, ('['):rep(n) .. (']'):rep(n)) return ok or e";
    with_depth(decode, 7998, "true");
    with_depth(decode, 7999, "Found too many nested data structures (7999) at character 7999");
}

/// The library's buffer is the interpreter's: a function that is called while it encodes may encode as well.
#[test]
fn a_metatable_may_call_back() {
    let table = "setmetatable({}, setmetatable({}, {__index = function() cjson.encode({1, {2}}) end}))";
    is(&format!("cjson.encode({{1, {{{table}}}, 3}})"), "[1,[{}],3]");
    is(
        "pcall(cjson.encode, setmetatable({}, setmetatable({}, {__index = function() error('boo', 0) end})))",
        "false|boo",
    );
}
