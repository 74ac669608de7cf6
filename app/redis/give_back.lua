-- Counts one less for each policy, which keeps the time that its span goes on.
-- KEYS: a count for each policy. ARGV: for each its limit.
for place, key in ipairs(KEYS) do
  local counted = tonumber(redis.call('GET', key) or 0)
  if counted > 0 then
    local left = math.min(counted, tonumber(ARGV[place])) - 1
    redis.call('INCRBY', key, left - counted)
  end
end
return 0
