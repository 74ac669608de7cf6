-- Sends the requests of a file in turn, and holds each answer against the statuses that are right.
-- Arguments: the file and the statuses. With a third one, the file holds tokens instead of requests,
-- and each token is exchanged at that path for the next.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function entries_of(path)
  local entries = {}
  local file = assert(io.open(path, "rb"))
  for length in file:lines() do
    table.insert(entries, file:read(tonumber(length)))
    file:read(1)
  end
  file:close()
  return entries
end

function init(arguments)
  entries, at, wrong, seen, right = entries_of(arguments[1]), 0, 0, "", {}
  for status in arguments[2]:gmatch("%d+") do
    right[tonumber(status)] = true
  end
  exchange = arguments[3]
end

local function renewal()
  local token = table.remove(entries) or error("There are fewer tokens than connections.")
  local body = "grant_type=refresh_token&refresh_token=" .. token
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  return wrk.format("POST", exchange, headers, body)
end

function request()
  if exchange then
    return renewal()
  end
  at = at % #entries + 1
  return entries[at]
end

function response(status, headers, body)
  if not right[status] then
    wrong = wrong + 1
    seen = status .. " " .. body:sub(1, 300)
  elseif exchange then
    table.insert(entries, body:match('"refresh_token"%s*:%s*"([^"]+)"'))
  end
end

function done(summary, latency)
  local amiss, sample = 0, ""
  for _, thread in ipairs(threads) do
    amiss = amiss + thread:get("wrong")
    sample = sample .. thread:get("seen")
  end
  local lost = summary.errors
  io.write(string.format(
    "\nRESULT requests=%d microseconds=%d wrong=%d lost=%d p50=%d p99=%d\nSAMPLE %s\n",
    summary.requests, summary.duration, amiss,
    lost.connect + lost.read + lost.write + lost.timeout,
    latency:percentile(50), latency:percentile(99), sample:gsub("%s+", " ")
  ))
end
