"""The corpus as staff work with it: drafts, versions, publishing, rolling back, 已失效.

===============  ======================================================================
``layout``       the data directory, and the one file that says which version is current
``files``        writing so that a power cut leaves the old or the new, and a full disk loses nothing
``lock``         one member of staff at a time
``inventory``    which files a version holds, and whether they are whole
``storing``      a folder becomes a version, with its index; what was left half-written is cleared away
``draft``        the working copy: add, remove, mark as expired
``intake``       a file to be added: what was understood of it
``doubts``       what a person should look at before a transcript is believed
``shingles``     how alike two texts are
``difference``   what differs between two states of the corpus
``checking``     what is damaged in a state of the corpus, and what is doubtful
``outline``      a transcript turn by turn, as staff look it over
``publishing``   switching to a version, and back
``pruning``      old versions are done away with
``serving``      the engine of the current version
===============  ======================================================================
"""
