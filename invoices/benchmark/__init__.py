"""How fast months are closed, against COPY of the same rows; `./manage.py bench_closing` runs it."""
