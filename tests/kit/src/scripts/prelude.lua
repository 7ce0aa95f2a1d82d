local turns, rawtostring = 0, tostring
local function tick() turns = turns + 1 if turns > 300 then error('turns', 0) end end
local function cut(v) if type(v) == 'string' and #v > 200 then return string.sub(v, 1, 200) end return v end
local function tostring(...) local s = rawtostring(...) if type(s) == 'string' then s = string.gsub(s, '0x%x+', '0x') end return s end
local function show(v, deep)
  local kind = type(v)
  if kind == 'number' then return string.format('%.17g', v) end
  if kind == 'string' then return '"' .. (string.gsub(v, '[^ -~]', function(c) return string.format('\\x%02x', string.byte(c)) end)) .. '"' end
  if kind ~= 'table' then return kind == 'boolean' and rawtostring(v) or kind end
  if (deep or 0) > 4 then return '...' end
  local fields = {}
  for key, value in next, v do fields[#fields + 1] = show(key, (deep or 0) + 1) .. '=' .. show(value, (deep or 0) + 1) end
  table.sort(fields)
  return '{' .. table.concat(fields, ',') .. '}'
end
local function list(...)
  local shown = {}
  for i = 1, math.min(select('#', ...), 30) do shown[i] = show((select(i, ...))) end
  return select('#', ...) .. ':' .. table.concat(shown, ' ')
end
local function inorder(t)
  local shown = {}
  for k, v in pairs(t) do shown[#shown + 1] = show(k) .. '=' .. show(v) end
  return #t .. ':' .. table.concat(shown, ' ')
end
