"""No newline at the end."""
print("first")
print("the last line has no end", end="")
