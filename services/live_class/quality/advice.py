"""What somebody is advised whose media suffer.

Where the limits come from: Google's congestion control (draft-ietf-rmcat-gcc, 6) lets a sender grow
below 2 % of loss and makes it shrink above 10 %; ITU-T G.114 finds speech unharmed below 150 ms one
way and hard above 400. That half and one and a half of the 10 % are where a picture first suffers
and where speech alone is left, and that 100 kbps carry speech and no picture, is our own judgement.
Jitter is counted and not judged: what of it hurts shows as loss behind the receiver's buffer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.contracts.classroom import Advice, Quality, QualityAdvice
from services.live_class.entrance.placement import UNHEARD_OF, Standing, ranked
from services.live_class.entrance.regions import Atlas, Region

LOWER_LOSS_PERCENT, LOWER_RTT_MS = 5.0, 300
SPEECH_LOSS_PERCENT, SPEECH_KBPS = 15.0, 100
ELSEWHERE_RTT_MS, TIMES_THE_MEDIAN, ENOUGH_REPORTS = 150, 2.0, 10
"""From so slow on, and so much slower than half of those who use the same relays."""

GOOD = QualityAdvice(Advice.NONE, "Your connection is good.")
LOWER = QualityAdvice(Advice.LOWER_LAYER, "Your connection is weak: a smaller picture will help.")
SPEECH = QualityAdvice(
    Advice.AUDIO_ONLY, "Your connection carries no picture: go on with sound alone."
)
ELSEWHERE = QualityAdvice(
    Advice.OTHER_TURN_REGION, "Your way to the class is slow: another one is tried."
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All relays, how they do, and where the one who reports says they are."""

    atlas: Atlas
    standings: Mapping[str, Standing]
    here: str | None


def advice(quality: Quality, around: Surroundings) -> QualityAdvice:
    """Another region first, since that is a cure; then what relieves most."""
    if (region := _elsewhere(quality, around)) is not None:
        return QualityAdvice(ELSEWHERE.advice, ELSEWHERE.message, region.name)
    kbps = quality.downlink_kbps
    if quality.loss_percent >= SPEECH_LOSS_PERCENT or (kbps is not None and kbps < SPEECH_KBPS):
        return SPEECH
    if quality.loss_percent >= LOWER_LOSS_PERCENT or quality.rtt_ms >= LOWER_RTT_MS:
        return LOWER
    return GOOD


def _elsewhere(quality: Quality, around: Surroundings) -> Region | None:
    """The best of the others, where this one's relays are to blame; None: they are not."""
    standing = around.standings.get(quality.region, UNHEARD_OF)
    others = _with_room(around, quality.region)
    if not quality.relayed or quality.region not in around.atlas.regions or not others:
        return None
    is_slow = quality.rtt_ms >= ELSEWHERE_RTT_MS and standing.reports >= ENOUGH_REPORTS
    if not is_slow or standing.rtt_ms is None:
        return None
    if quality.rtt_ms >= TIMES_THE_MEDIAN * standing.rtt_ms:
        return others[0]
    return others[0] if _is_sick(standing) and not _is_sick(_of(around, others[0])) else None


def _with_room(around: Surroundings, but: str) -> Sequence[Region]:
    others = [region for region in around.atlas.region if region.name != but]
    roomy = [region for region in others if _of(around, region).load < region.capacity]
    return ranked(roomy, around.atlas.where(around.here), around.standings)


def _of(around: Surroundings, region: Region) -> Standing:
    return around.standings.get(region.name, UNHEARD_OF)


def _is_sick(standing: Standing) -> bool:
    """Half of those who use it suffer."""
    slow = standing.rtt_ms is not None and standing.rtt_ms >= LOWER_RTT_MS
    return slow or standing.loss_percent >= LOWER_LOSS_PERCENT
