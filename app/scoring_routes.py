"""Scores for other systems: numbers in, a score out, and nothing is kept of either.

Nothing given here is written anywhere: no row, no line of a log, no label of a metric. How the
answers are found is `scoring.objects`, the same as on the command line.
"""

from typing import Annotated, Final

import msgspec
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import Counter

from app.scoring_openapi import LISTED, POSTED, VERSION, listing, version_of
from identity.edge.bearer import ProgramError, key_for
from identity.keys import ApiKey, KeyScope
from scoring.library import SCORES
from scoring.objects import MOST_OBJECTS, TooMany, answer_body
from scoring.refusal import Refused

router = APIRouter(prefix="/api/v1/scoring", tags=["scoring"])
Key = Annotated[ApiKey, Depends(key_for(KeyScope.SCORING))]
_scored = Counter("chevet_scoring_objects", "Objects scored for other systems", ["score"])

AT_ONCE: Final = 1
"""Calls scored at a time in a process: its pages share the processor with one thread, no more."""


class _Turn:
    """Whose turn it is; made in the loop that waits for it."""

    limiter: CapacityLimiter | None = None


@router.get("", openapi_extra=LISTED, summary="The scores there are")
def scores() -> JSONResponse:
    """List each score with its source, its version and the JSON Schema of what it is given."""
    return JSONResponse(listing())


@router.post("/{score}", openapi_extra=POSTED, summary="Score one person, or many")
async def score_for_another(request: Request, key: Key) -> Response:
    """Answer one JSON object, or a list of them in its order.

    A refusal is an answer: what cannot be true, or is missing, is named in `refused`, `missing`.
    """
    score = request.path_params["score"]
    if score not in SCORES:
        raise ProgramError(404, "unknown_score", f"there are: {', '.join(SCORES)}")
    body = await request.body()
    turn = _turn()
    answer = await to_thread.run_sync(answer_body, score, body, limiter=turn)
    if isinstance(answer, TooMany):
        reason = f"{answer.count} objects; at most {MOST_OBJECTS} in one call"
        raise ProgramError(413, "too_large", reason)
    if isinstance(answer, Refused):
        raise ProgramError(422, "unreadable", answer.reason)
    _scored.labels(score).inc(len(answer) if isinstance(answer, list) else 1)
    headers = {"chevet-version": VERSION, "chevet-score-version": version_of(score)}
    return Response(msgspec.json.encode(answer), media_type="application/json", headers=headers)


def _turn() -> CapacityLimiter:
    if _Turn.limiter is None:
        _Turn.limiter = CapacityLimiter(AT_ONCE)
    return _Turn.limiter
