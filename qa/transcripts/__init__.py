"""Files to :class:`~qa.model.Transcript`: what was said, by whom, and where it stands in the file.

===============  ====================================================================
``catalogue``    a folder of transcripts, one folder each, checked against its sha256
``metadata``     ``transcript.yaml``
``jsonl``        many documents in one ``.jsonl``, taken as they are
``formats``      which file name ending is read by which module, what is refused unread
``sniff``        what a file is by its first bytes
``plain``        ``.txt`` and ``.md``
``encodings``    bytes to text
``word``         ``.docx`` (``zips``: archives from strangers)
``html``         ``.html`` (``html_blocks``, ``html_clutter``, ``html_facts``)
``pdf``          ``.pdf`` (``pdf_apart``, ``pdf_glyphs``, ``pdf_lines``, ``pdf_margins``, ``pdf_paragraphs``)
``document``     what those readers hand on, and where its words stand
``description``  what a reader learned beside the words
``lines``        lines, page breaks healed, what is left out
``reading``      the reading text and its way back to the source
``turns``        sections, turns, questions and their replies
``styles``       which style of transcript is taken apart by which module
``prose``        news prose, paragraph by paragraph
``speech``       a paragraph of prose: whose words, direct or reported
``quotes``       which quoted words are speech
``people``       who holds which office
``verbs``        the words that say somebody speaks
``dialogue``     speakers named by labels (``labels``, ``voices``, ``candidates``, ``runs``,
                 ``exchange``, ``presented``)
``tables``       tables of questions and answers
``places``       where in its file words stand: 第3页
``dates``        when a briefing was held, from its text, title or file name
``calendar``     dates as texts write them
``titles``       what a briefing is called
``pieces``       what styles are taken apart into
===============  ====================================================================

A further format is a module that makes a :class:`~qa.transcripts.reading.Reading` and an entry in
``formats``; a further style is a module that makes :class:`~qa.transcripts.pieces.Spoken` paragraphs
and an entry in ``styles``.
"""
