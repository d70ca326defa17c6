"""What applications put into the data of Messages 6, 8, 25 and 26, by area code (DAC) and function (FI)."""
