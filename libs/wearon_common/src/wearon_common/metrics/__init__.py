"""What more than one service counts. A registry is made in `main` and handed in; nothing is global."""
