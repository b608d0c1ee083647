"""The web side of 民生问答: residents' pages and the kiosk API, over ``qa``."""
