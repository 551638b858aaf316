"""What engines answer: values, and what follows from them without asking again."""
