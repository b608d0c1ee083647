"""The words that say somebody speaks, as pieces of regular expressions."""

from __future__ import annotations

__all__ = ["ADVERBS", "SAYS"]

ADVERBS = (
    "首先|接着|随即|则|还|也|又|均|都|就|曾|便|再|现场|随后|当场|当即|进一步|同时|再次|多次|详细|一一|继续|此前|最后|对此|就此"
    "|向(?:记者|大家|媒体|市民|居民)|在(?:会|发布会|活动|现场|接受采访时)(?:上|中)?|接受采访时|回答(?:记者)?提问时"
)
"""What may stand between a name and its verb."""

SAYS = (
    "(?:介绍|补充|解释|回应|解答|回答|答复|强调|指出|透露|坦言|提醒|呼吁|建议|告诉(?:记者|大家|市民))(?:说|道|称)?"
    "|表示|认为|说道?|答道?|称|谈到|提到|谈道|宣布|通报"
)
"""The verbs of saying, with what may follow them."""
