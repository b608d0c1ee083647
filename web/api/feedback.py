"""What residents say of answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import Response

from qa.language.personal import mask
from qa.resources import FeedbackIn, FeedbackOut
from web.api import examples
from web.api.documented import described
from web.api.parts import PREFIX, ApiParts

__all__ = ["feedback_router"]


def feedback_router(parts: ApiParts) -> APIRouter:
    """``/feedback``."""
    router = APIRouter(prefix=PREFIX, tags=["ask"])

    @router.post(
        "/feedback",
        summary="Say whether an answer helped",
        operation_id="feedback",
        response_model=FeedbackOut,
        responses=described(examples.FEEDBACK_KEPT, "request_invalid", "body_too_large"),
    )
    async def feedback(body: Annotated[FeedbackIn, Body(openapi_examples=examples.FEEDBACK)]) -> Response:
        """On an answer that came with a `Question-Id`. A second time replaces the first."""
        box = parts.records.feedback
        kept = box.add(body.question_id, helpful=body.helpful, reason=mask(body.reason))
        return Response(FeedbackOut(kept=kept).model_dump_json(), media_type="application/json")

    return router
