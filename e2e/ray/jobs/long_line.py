"""One line of 5 MB, then more."""
print("short")
print("x" * 5_000_000)
for number in range(50):
    print("after the long line", number)
