"""A progress bar, Windows line ends, and empty lines."""
import sys
import time

out = sys.stdout.buffer
for step in range(60):
    out.write(b"\r%3d%% |%s" % (step, b"#" * (step // 3)))
    out.flush()
    time.sleep(0.03)
out.write(b"\r\ndone\r\n\r\n\nwide \xe4\xb8\x96\xe7\x95\x8c \xf0\x9f\x9a\x80\r\r\nlast\n")
