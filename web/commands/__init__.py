"""``minsheng-records``: the record store on the command line. ``records`` is the program."""
