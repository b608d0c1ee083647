"""What the service keeps: answers' addresses, questions, feedback, accounts, keys, and who changed what.

``ports`` says what pages may ask of it, ``model`` what they get. Nothing of SQLAlchemy leaves this package.
"""
