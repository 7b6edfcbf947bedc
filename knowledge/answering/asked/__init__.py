"""What kind of question it is: none, one that goes on, one of bare words, one that was misheard."""
