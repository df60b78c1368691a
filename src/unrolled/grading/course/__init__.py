"""The class: its folder, its gradebook, what comes in from students and what goes back to them."""
