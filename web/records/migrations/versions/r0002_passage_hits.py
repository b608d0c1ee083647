"""How often which words were shown to residents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table of counts."""
    op.create_table(
        "passage_hits",
        sa.Column("corpus", sa.String(71), nullable=False),
        sa.Column("transcript", sa.String(200), nullable=False),
        sa.Column("start", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("end", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("quoted", sa.Integer, nullable=False),
        sa.Column("related", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("corpus", "transcript", "start", "end", name="pk_passage_hits"),
    )
