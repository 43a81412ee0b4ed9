"""What somebody hears of one topic, until they stop."""

from typing import Protocol

from resolvers.topics import News


class Teller(Protocol):
    async def opened(self, topic: str) -> None: ...

    def forget(self, topic: str, news: News) -> None: ...


class Heed:
    """Given out by whoever tells the topic."""

    __slots__ = ("_news", "_teller", "_topic")

    def __init__(self, teller: Teller, topic: str, news: News) -> None:
        self._teller = teller
        self._topic = topic
        self._news = news

    async def opened(self) -> None:
        await self._teller.opened(self._topic)

    def stop(self) -> None:
        self._teller.forget(self._topic, self._news)
