"""The main job, once, for everybody to see."""
