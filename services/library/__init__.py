"""What organisations share: documents and their approval, resources, publications, trainings."""
