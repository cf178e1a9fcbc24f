namespace Tollkeeper;

public static partial class Refusals
{
    static RefusalFacts[] OfJobs =>
    [
        new(Refusal.UnknownJob, "unknown_job", 404, 404,
            "There is no such job, or it is not started by hand; please choose one from the list of jobs.",
            "Cette tâche n’existe pas ou ne se lance pas à la main; veuillez en choisir une dans la liste des tâches.",
            "Esa tarea no existe o no se inicia a mano; elija por favor una de la lista de tareas."),
        new(Refusal.JobRunning, "job_running", 409, 400,
            "The job is running or about to; please wait until it has ended.",
            "La tâche est en cours ou sur le point de l’être; veuillez attendre qu’elle soit terminée.",
            "La tarea está en curso o a punto de empezar; espere por favor a que termine."),
    ];
}
