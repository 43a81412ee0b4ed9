"""Topics in memory: `tell` is heard by whoever listens."""

from collections import defaultdict

from gateway.realtime.heed import Heed
from resolvers.topics import Hearing, News


class FakeTopics:
    def __init__(self) -> None:
        self._heard: defaultdict[str, list[News]] = defaultdict(list)

    def hear(self, topic: str, news: News) -> Hearing:
        self._heard[topic].append(news)
        return Heed(self, topic, news)

    async def opened(self, topic: str) -> None:
        pass

    def forget(self, topic: str, news: News) -> None:
        self._heard[topic].remove(news)

    def tell(self, topic: str) -> None:
        for news in tuple(self._heard[topic]):
            news(None)

    def listeners(self, topic: str) -> int:
        return len(self._heard[topic])
