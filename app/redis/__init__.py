"""The counts of rate limits in Redis: needs the packages of requirements/redis.lock."""
