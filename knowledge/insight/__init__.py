"""What citizens asked, what nobody could answer, and how fit the knowledge is. Masked before it is stored."""
