"""A client of Redis as the counts need it."""

from __future__ import annotations

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

# In seconds. A sign-in counts and takes back, so that both, and a hash, are done within 2.5.
PATIENCE = 0.9
CONNECTIONS = 20
# Whatever Redis says instead of an answer (out of memory, read-only, loading, no rights), there is
# no count. OSError has the errors of sockets, of certificates and of time limits.
NO_ANSWER = (RedisError, OSError)


def client_of(url: str) -> Redis:
    """Nothing is sent twice, since what was sent may have been counted. Whoever asks limits the
    time, once for all that an answer takes, which is cheaper than the limits of the client.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=PATIENCE,
        socket_timeout=None,
        socket_connect_timeout=None,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return Redis.from_pool(pool)
