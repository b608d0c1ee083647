"""民生问答's engine: briefing transcripts in, cited answers out.

Nothing here knows of HTTP, databases or HTML; see ARCHITECTURE.md for the floors.
"""
