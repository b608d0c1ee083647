"""``minsheng corpus``: the transcripts as staff work with them."""

from __future__ import annotations

from qa.commands import corpus_wording as wording
from qa.commands.corpus_add import add, remove
from qa.commands.corpus_expire import expire, unexpire
from qa.commands.corpus_look import check, diff, draft, listed, show_one, versions
from qa.commands.corpus_prune import prune_old
from qa.commands.corpus_publish import publish, rollback
from qa.commands.shared import command, group

__all__ = ["corpus"]

corpus = group(wording.CORPUS)

command(corpus, wording.ADD)(add)
command(corpus, wording.LIST, "list")(listed)
command(corpus, wording.SHOW, "show")(show_one)
command(corpus, wording.CHECK)(check)
command(corpus, wording.REMOVE)(remove)
command(corpus, wording.EXPIRE)(expire)
command(corpus, wording.UNEXPIRE)(unexpire)
command(corpus, wording.DRAFT)(draft)
command(corpus, wording.DIFF)(diff)
command(corpus, wording.PUBLISH)(publish)
command(corpus, wording.ROLLBACK)(rollback)
command(corpus, wording.VERSIONS)(versions)
command(corpus, wording.PRUNE, "prune")(prune_old)
