"""A Redis cache that a Redis failure does not turn into an error page.

It holds only rate-limit counters: when Redis is down people still sign in, and the failure is traced.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

traces = logging.getLogger(__name__)


class CacheRedisTolerant(RedisCache):
    """Django's Redis cache whose reads miss and whose writes are dropped while Redis is away."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ou(lambda: super(CacheRedisTolerant, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._ou(lambda: super(CacheRedisTolerant, self).set(key, value, *args, **kwargs), None)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._ou(lambda: super(CacheRedisTolerant, self).add(key, value, *args, **kwargs), True))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ou(lambda: super(CacheRedisTolerant, self).delete(key, version), False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._ou(lambda: super(CacheRedisTolerant, self).incr(key, delta, version), delta))

    @staticmethod
    def _ou(appel: Callable[[], Any], defaut: Any) -> Any:
        try:
            return appel()
        except RedisError as erreur:
            traces.warning("cache_injoignable", extra={"erreur": type(erreur).__name__})
            return defaut
