-- Programs that go deep, or grow, until something refuses. Each ends in an error or in a value, and the engine goes on: natively
-- (tests/garbage/main.rs) and in WebAssembly, whose stack is small (pkg/test/deep-scripts.test.mjs). A line of dashes ends each.
local function code(...) local f, e = loadstring(table.concat({...})) if not f then error(e, 0) end return f() end
----
return code('return ', string.rep('(', 100000), '1', string.rep(')', 100000))
----
return code('return ', string.rep('(', 190), '1', string.rep(')', 190))
----
return code('return ', string.rep('{', 100000), string.rep('}', 100000))
----
return #code('return ', string.rep('{', 190), string.rep('}', 190))
----
return code('return ', string.rep('function() return ', 100000), '1', string.rep(' end', 100000))
----
return type(code('return ', string.rep('function() return ', 190), '1', string.rep(' end', 190)))
----
return code(string.rep('do ', 100000), string.rep(' end', 100000))
----
return code(string.rep('if x then ', 100000), string.rep(' end', 100000))
----
return code(string.rep('while true do ', 190), 'return 1 ', string.rep(' end', 190))
----
return code('return ', string.rep('-', 100000), '1')
----
return code('return ', string.rep('- ', 100000), '1')
----
return code('return ', string.rep('not ', 100000), '1')
----
return code('return ', string.rep('#', 100000), '""')
----
return code('return ', string.rep('"a"..', 100000), '"a"')
----
return #code('return ', string.rep('"a"..', 150), '"a"')
----
return code('return ', string.rep('1+', 100000), '1')
----
return code('return ', string.rep('2^', 100000), '1')
----
return code('local a = {} return a', string.rep('.b', 100000))
----
return code('local a = {} a', string.rep('.b', 100000), ' = 1')
----
return code('local a return a', string.rep('[1]', 100000))
----
return code('local a return a', string.rep('()', 100000))
----
return code('local a return a', string.rep('"x"', 100000))
----
return code('local a return ', string.rep('a[', 100000), '1', string.rep(']', 100000))
----
return code('local a return ', string.rep('a(', 100000), '1', string.rep(')', 100000))
----
return code('local a return ', string.rep('a{', 100000), '1', string.rep('}', 100000))
----
return code('local a', string.rep(',a', 100000), ' = 1')
----
return code('a', string.rep(',a', 100000), ' = 1')
----
return code('return function(', string.rep('a,', 100000), 'a) end')
----
return code('return {', string.rep('1,', 100000), '}')
----
return code('return {', string.rep('{},', 100000), '}')
----
return code('return ', string.rep('nil and ', 10000), '1')
----
return code('if a then ', string.rep(' elseif a then ', 10000), ' end')
----
return code('return [', string.rep('=', 1000000), '[x')
----
return code('return "', string.rep('\\\\', 1000000), '"')
----
return code('return ', string.rep('9', 1000000))
----
return code('return ', string.rep('a', 1000000))
----
return code(string.rep('\n', 1000000), 'error("x")')
----
local function f() return 1 + f() end return f()
----
local function f() return f() end local n = 0 local function g() n = n + 1 if n > 100000 then return n end return g() end return g()
----
local function f(...) return 1 + f(1, ...) end return f()
----
local function f() return pcall(f) end return f()
----
local function f() local ok, e = pcall(f) error(e) end return f()
----
local function f() return xpcall(f, f) end return f()
----
local function f() return xpcall(error, f) end return f()
----
local function f() return select(2, pcall(f)) end return f()
----
local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x
----
local t = {} for n = 1, 100000 do t = setmetatable({}, {__index = t}) end return t.x
----
local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x
----
local t = setmetatable({}, {}) getmetatable(t).__newindex = function(t, k, v) t[k] = v end t.x = 1
----
local t = setmetatable({}, {}) getmetatable(t).__newindex = t t.x = 1
----
local t = setmetatable({}, {}) getmetatable(t).__call = t return t()
----
local t = setmetatable({}, {}) getmetatable(t).__call = function(t) return 1 + t() end return t()
----
local t = setmetatable({}, {}) getmetatable(t).__add = function(a, b) return a + b end return t + t
----
local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b end return t .. t
----
local t = setmetatable({}, {}) getmetatable(t).__unm = function(a) return -a end return -t
----
local m = {} m.__eq = function(a, b) return a == b end return setmetatable({}, m) == setmetatable({}, m)
----
local m = {} m.__lt = function(a, b) return a < b end return setmetatable({}, m) < setmetatable({}, m)
----
local m = {} m.__le = function(a, b) return not (b <= a) end return setmetatable({}, m) <= setmetatable({}, m)
----
local t = setmetatable({}, {}) getmetatable(t).__tostring = function(t) return tostring(t) end return tostring(t)
----
local function f(s) return (string.gsub('a', 'a', f)) end return f()
----
local function f(s) return (string.gsub('a', '.', function() return f() end)) end return pcall(f)
----
local function f() table.sort({3, 2, 1}, f) return true end return f()
----
local function f() table.foreach({1}, f) end return f()
----
local function f() table.foreachi({1}, f) end return f()
----
local function f() return coroutine.wrap(f)() end return f()
----
local function f() return select(2, coroutine.resume(coroutine.create(f))) end return f()
----
local function f() return pcall(coroutine.wrap(function() return pcall(f) end)) end return f()
----
local function f() return coroutine.wrap(function() string.gsub('a', 'a', f) end)() end return f()
----
local function f() return load(function() return f() end) end return f()
----
local function f() return loadstring('return ...')(f()) end return f()
----
local t = {} for n = 1, 100000 do t[n] = coroutine.wrap(function() coroutine.yield(t) end) t[n]() end return #t
----
local t = {} for n = 1, 100000 do t = {t} end return t
----
local t = {} t[1] = t return t
----
local t = {} t.map = {a = t} return t
----
local t = {} t.set = {[t] = true} return t
----
local t = {} for n = 1, 100000 do t = {t} end return cjson.encode(t)
----
local t = {} t[1] = t return cjson.encode(t)
----
return cjson.decode(string.rep('[', 100000))
----
return cjson.decode(string.rep('[', 999) .. string.rep(']', 999))
----
return cjson.decode(string.rep('{"a":', 100000))
----
local t = {} for n = 1, 100000 do t = {t} end return #cmsgpack.pack(t)
----
local t = {} t[1] = t return #cmsgpack.pack(t)
----
return cmsgpack.unpack(string.rep('\145', 100000))
----
return cmsgpack.unpack(string.rep('\129\1', 100000))
----
return string.rep(string.rep('x', 2^20), 2^5)
----
local s = string.rep('x', 2^20) return #string.rep(s, 2^5)
----
return string.rep('x', -2^31)
----
local s = 'x' for n = 1, 40 do s = s .. s end return #s
----
local t = {} local s = string.rep('x', 1e6) for n = 1, 1e9 do t[n] = s .. n end return #t
----
local t = {} local s = string.rep('x', 2^20) for n = 1, 30 do t[n] = s end return #table.concat(t)
----
return #string.gsub(string.rep('x', 2^17), 'x', string.rep('y', 2^12))
----
return string.format('%99.99f%s', 1e300, string.rep('x', 1e7)):len()
----
return table.concat({}, 'x', 1, 2^31)
----
return table.concat(setmetatable({}, {__index = function() return 'x' end}), ',', 1, 10)
----
return unpack({}, 1, 2^31 - 1)
----
return unpack({}, 1, 7000)
----
return string.char(unpack({}, 1, 7000))
----
return #{string.byte(string.rep('x', 1e6), 1, -1)}
----
return math.max(unpack({1, 2, 3}, 1, 7900))
----
return string.find(string.rep('a', 1e5), string.rep('a?', 1e4) .. string.rep('a', 1e4))
----
return string.find(string.rep('a', 12), string.rep('a*', 400) .. 'b')
----
return string.find('a', string.rep('(', 1000) .. string.rep(')', 1000))
----
return string.find('a', string.rep('()', 1000))
----
return string.find(string.rep('a', 1e4), '.-b')
----
return string.find(string.rep('a', 300000), string.rep('(a', 30) .. string.rep(')', 30))
----
return string.find(string.rep('(', 1e4), '%b()')
----
return string.match(string.rep('a', 300), '(.*)(.*)(.*)b')
----
return string.find(string.rep('a', 1e6), string.rep('a', 1e6))
----
return string.find(string.rep('a', 1e6), '[' .. string.rep('b', 1e4) .. ']')
----
return string.find(string.rep('a', 1e6), string.rep('.', 400000))
----
return string.find(string.rep('ab', 1e5), '%f[a]' .. string.rep('%f[a]', 1e4))
----
return string.gsub(string.rep('a', 1e5), '', '%0%0')
----
local function f(n) return redis.call('echo', n) .. f(n + 1) end return f(1)
----
local function f() return redis.pcall('echo', f()) end return f()
----
return redis.call(unpack({}, 1, 7000))
----
local t = {'rpush', 'k'} for n = 3, 7900 do t[n] = n end return redis.call(unpack(t))
----
error(setmetatable({}, {__index = function(t, k) return t[k] end}))
----
error(setmetatable({}, {__newindex = function(t, k, v) t[k] = v end}))
----
return struct.pack(string.rep('i', 1e5), 1)
----
return struct.pack('c2147483647', 'x')
----
return struct.unpack('c2147483647', 'x')
----
return bit.band(unpack({1}, 1, 1), 3)
----
collectgarbage('setpause', 0) collectgarbage('setstepmul', 1e9) local t = {} for n = 1, 1000 do t[n % 10] = {t[n % 7], n .. ''} end return 1
