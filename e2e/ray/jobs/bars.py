"""Progress bars that end with Windows line ends, one a quarter of a second; with `bad`, a byte that is not UTF-8 later."""
import sys
import time

out = sys.stdout.buffer


def bars(begin, end):
    for bar in range(begin, end):
        for step in range(10):
            out.write(b"\r%3d%% |%s" % (step * 10, b"#" * step))
        out.write(b"\r\nbar %d is done \xe4\xb8\x96\r\r\n\n" % bar)
        out.flush()
        time.sleep(0.25)


count = int(sys.argv[1])
bars(0, count)
if sys.argv[2:] == ["bad"]:
    time.sleep(2)
    out.write(b"\r\nno UTF-8: \xff\r\n")
    bars(count, count + 4)
