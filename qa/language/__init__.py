"""Understanding a question: words, repairs, and what it expects of an answer."""
