"""The room: what only staff see, under ``/staff``. It needs the record store, and no JavaScript."""
