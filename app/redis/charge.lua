-- Counts a request by each policy in turn, up to the first that refuses it.
-- KEYS: a count for each policy. ARGV: for each the limit and the span in milliseconds.
-- Answers, for each policy that was asked, the count and the milliseconds that its span goes on.
local standings = {}
for place, key in ipairs(KEYS) do
  local limit, span = tonumber(ARGV[2 * place - 1]), ARGV[2 * place]
  local counted = redis.call('INCR', key)
  local left = redis.call('PTTL', key)
  -- A new one; or one that somebody has made last, which would refuse for ever.
  if left < 0 then
    redis.call('PEXPIRE', key, span)
    left = tonumber(span)
  end
  standings[#standings + 1] = counted
  standings[#standings + 1] = left
  if counted > limit then
    break
  end
end
return standings
