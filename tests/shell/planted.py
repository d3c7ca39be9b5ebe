"""The real worker with a planted classifier: one arms deal for each article; a title that says so makes it misbehave."""

import asyncio
import sys
import time
from typing import Any

from schemas.arms_deal import ArmsDeal, Stage
from schemas.article import Article
from schemas.signal import ArticleRef, Cameo, Codes, Realis, Signal, signal_id
from streams import logs
from streams.app.serve import Exit, leave
from streams.app.strict import StrictConsumer, StrictTransport
from streams.app.work import work
from streams.metrics import Lane
from streams.settings import load


def classify(article: Article, kinds: frozenset[str] | None = None, min_confidence: float = 0.0) -> tuple[Signal, ...]:
    """`EXPLODE` raises, `SLOW` takes two seconds, `STUCK` never ends, `NOTHING` gives no signal."""
    if "EXPLODE" in article.title:
        raise RuntimeError("planted: \x1b[31mred\nsecond line")
    if "SLOW" in article.title:
        time.sleep(2)
    while "STUCK" in article.title:
        time.sleep(1)
    if "NOTHING" in article.title:
        return ()
    payload = ArmsDeal(supplier="RUS", recipient="IND", stage=Stage.SIGNED)
    return (
        Signal(
            id=signal_id(article.id, payload),
            kind="arms_deal",
            main=True,
            article=ArticleRef(id=article.id, title=article.title, published_at=article.published_at),
            payload=payload,
            realis=Realis.ACTUAL,
            confidence=1.0,
            evidence=(),
            codes=Codes(plover=None, cameo=Cameo(code="057", goldstein=8.0)),
            rules="planted",
        ),
    )


class SlowlyCommitting(StrictConsumer):
    """A consumer whose commits are over only two seconds after the broker has answered."""

    async def force_commit(self, *args: Any, **fields: Any) -> bool:
        done = await super().force_commit(*args, **fields)
        await asyncio.sleep(2)
        return bool(done)


if __name__ == "__main__":
    if "--slow-commits" in sys.argv:
        sys.argv.remove("--slow-commits")
        StrictTransport.Consumer = SlowlyCommitting
    settings = load()
    logs.configure(settings.log)
    lanes = tuple(Lane(name) for name in sys.argv[1:]) or (Lane.LIVE,)
    leave(Exit(work(settings, lanes, classify=classify)))
