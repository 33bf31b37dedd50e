"""What is written about focuscam by focuscam itself: its reference, its completion for shells, its moving picture."""
